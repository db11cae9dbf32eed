using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Compares encodings with those of a case, field by field.</summary>
internal static class EncodingComparer
{
    /// <summary>What differs in a case, or null. Where the case expects an error, any error will do.</summary>
    public static string? Difference(JsonElement entry, Func<List<List<TokenEncoding>>> run)
    {
        var name = $"{(entry.TryGetProperty("in", out var input) ? input : entry.GetProperty("batch")).GetRawText()} " +
            (entry.TryGetProperty("trunc", out var trunc) ? trunc.GetRawText() : "");
        List<List<TokenEncoding>> actual;
        try
        {
            actual = run();
        }
        catch (ArgumentException error)
        {
            return entry.TryGetProperty("error", out _) ? null : $"{name}: {error.Message}";
        }
        if (entry.TryGetProperty("error", out var expectedError))
            return $"{name}: no error, expected '{expectedError}'";
        var expected = entry.GetProperty("out").EnumerateArray().ToList();
        var difference = entry.TryGetProperty("batch", out _)
            ? expected.Zip(actual, (e, a) => Parts([.. e.EnumerateArray()], a, null)).FirstOrDefault(d => d is not null)
            : Parts(expected, actual[0], entry.GetProperty("parts").GetInt32());
        return difference is null ? null : $"{name}: {difference}";
    }

    private static string? Parts(List<JsonElement> expected, List<TokenEncoding> actual, int? count)
    {
        if (actual.Count != (count ?? expected.Count))
            return $"{actual.Count} parts, expected {count ?? expected.Count}";
        for (var i = 0; i < expected.Count; i++)
        {
            if (Difference(expected[i], actual[i]) is { } difference)
                return $"part {i}, {difference}";
        }
        return null;
    }

    private static string? Difference(JsonElement expected, TokenEncoding actual)
    {
        return Field("ids", actual.Ids) ?? Field("off16", actual.Offsets.SelectMany(offset => new[] { offset.Start, offset.End })) ??
            Field("type", actual.TypeIds) ?? Field("mask", actual.AttentionMask) ?? Field("special", actual.SpecialTokensMask) ??
            Field("words", actual.WordIds) ?? Field("seq", actual.SequenceIds) ?? Field("tokens", actual.Tokens);

        // Only some groups carry the tokens' text.
        string? Field<T>(string name, IEnumerable<T> values)
        {
            if (!expected.TryGetProperty(name, out var field))
                return name == "tokens" ? null : $"the case has no field '{name}'";
            var (should, was) = (string.Join(' ', field.EnumerateArray().Select(Text)), string.Join(' ', values.Select(value => value?.ToString())));
            return should == was ? null : $"{name}:\n  expected {should}\n  was      {was}";
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.Null ? "" : value.ToString();
}
