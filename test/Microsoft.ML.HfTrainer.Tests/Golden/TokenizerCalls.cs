using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Ordinary calls of the original's tokenizer class, by what they return field by field.</summary>
internal static class TokenizerCalls
{
    public static IEnumerable<string> Compare(HfTokenizer tokenizer, TokenizerCases cases) => cases.ClassCalls
        .Select(call => Difference(tokenizer, cases, call) is { } difference ? $"{call.GetProperty("call").GetString()}: {difference}" : null).OfType<string>();

    /// <summary>Whether encode cases are such calls too: for a class that has no tokenizer.json.</summary>
    public static bool Are(IEnumerable<JsonElement> cases) => cases.First().TryGetProperty("kwargs", out _);

    /// <summary>Compares encode cases that are calls, whose texts are those that a model is to write if <paramref name="asTarget"/>.</summary>
    public static IEnumerable<string> Compare(HfTokenizer tokenizer, TokenizerCases cases, IEnumerable<JsonElement> entries, bool asTarget) => entries
        .Select(entry => Difference(tokenizer, cases, entry, asTarget) is { } difference
            ? $"{(entry.TryGetProperty("in", out var input) ? input : entry.GetProperty("batch")).GetRawText()} {entry.GetProperty("kwargs").GetRawText()}: {difference}"
            : null).OfType<string>();

    private static string? Difference(HfTokenizer tokenizer, TokenizerCases cases, JsonElement call, bool asTarget = false)
    {
        var kwargs = call.GetProperty("kwargs");
        var inputs = Inputs(call);
        BatchEncoding encodings;
        try
        {
            var options = Options(kwargs, tokenizer) with { AsTarget = asTarget };
            // A class without tokenizer.json gives what it cut off as one list and not as encodings.
            if (call.TryGetProperty("out", out var output) && !output.TryGetProperty("overflow_to_sample_mapping", out _))
                options = options with { ReturnOverflowingTokens = false };
            // The original takes an empty second text for none, unless it stands in a batch.
            encodings = inputs.Length == 1 && cases.Input(inputs[0]) is (string first, "")
                ? tokenizer.EncodeBatch([first], options: options)
                : cases.EncodeBatch(tokenizer, inputs, options);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return call.TryGetProperty("error", out _) ? null : error.Message;
        }
        if (call.TryGetProperty("error", out var expectedError))
            return $"no error, expected '{expectedError}'";
        var expected = call.GetProperty("out");
        if (expected.TryGetProperty("token_type_ids", out _) != tokenizer.ModelInputNames.Contains("token_type_ids"))
            return $"token_type_ids: the inputs are {string.Join(", ", tokenizer.ModelInputNames)}";
        return expected.EnumerateObject().Where(field => field.Name != "offset_mapping" || !cases.HasOtherOffsets(call))
            .Select(field => Difference(field, Field(field.Name, encodings, kwargs, i => cases.Input(inputs[encodings.SampleIndices[i]])), inputs.Length == 1))
            .FirstOrDefault(difference => difference is not null);
    }

    private static JsonElement[] Inputs(JsonElement call)
    {
        if (call.TryGetProperty("batch", out var batch))
            return [.. batch.EnumerateArray()];
        var input = call.GetProperty("in");
        return input[0].ValueKind == JsonValueKind.String ? [input] : [.. input.EnumerateArray()];
    }

    private static EncodeOptions Options(JsonElement kwargs, HfTokenizer tokenizer)
    {
        int? Number(string name) => kwargs.TryGetProperty(name, out var value) ? value.GetInt32() : null;
        var length = Number("max_length") ?? tokenizer.ModelMaxLength;
        var options = new EncodeOptions
        {
            AddSpecialTokens = !kwargs.TryGetProperty("add_special_tokens", out var special) || special.GetBoolean(),
            Stride = Number("stride") ?? 0,
            ReturnOverflowingTokens = kwargs.TryGetProperty("return_overflowing_tokens", out _),
        };
        if (kwargs.TryGetProperty("truncation", out var truncation))
        {
            options = options with
            {
                MaxLength = length,
                Truncation = truncation.ValueKind == JsonValueKind.True ? TruncationStrategy.LongestFirst : TokenizerOperations.Strategy(truncation.GetString()),
            };
        }
        return !kwargs.TryGetProperty("padding", out var padding) ? options : options with
        {
            Padding = new PadOptions
            {
                Length = padding.ValueKind == JsonValueKind.True ? null : length,
                MultipleOf = Number("pad_to_multiple_of"),
                Side = !kwargs.TryGetProperty("padding_side", out var side) ? null : side.GetString() == "left" ? Side.Left : Side.Right,
            },
        };
    }

    private static IEnumerable<string> Field(string name, BatchEncoding encodings, JsonElement kwargs, Func<int, (object First, object? Second)> input) => name switch
    {
        "input_ids" => encodings.Select(encoding => List(encoding.Ids)),
        "token_type_ids" => encodings.Select(encoding => List(encoding.TypeIds)),
        "attention_mask" => encodings.Select(encoding => List(encoding.AttentionMask)),
        "special_tokens_mask" => encodings.Select(encoding => List(encoding.SpecialTokensMask)),
        "tokens" => encodings.Select(encoding => List(encoding.Tokens)),
        "overflowing_tokens" => encodings.Select(encoding => List(Overflow(encoding, kwargs.GetProperty("stride").GetInt32()))),
        "num_truncated_tokens" => encodings.Select(encoding => $"{Overflow(encoding, 0).Count() - (encoding.Overflowing.Count * kwargs.GetProperty("stride").GetInt32())}"),
        "length" => encodings.Select(encoding => $"{encoding.Length}"),
        "overflow_to_sample_mapping" => encodings.SampleIndices.Select(index => $"{index}"),
        "offset_mapping" => encodings.Select((encoding, i) => List(CodePoints(encoding, input(i)))),
        _ => throw new InvalidDataException($"Unknown field '{name}'."),
    };

    // Without special tokens, and without what each part but the first repeats of the one before it.
    private static IEnumerable<int> Overflow(TokenEncoding encoding, int stride) => encoding.Overflowing
        .SelectMany((part, i) => part.Ids.Where((_, place) => part.SequenceIds[place] is not null).Skip(i == 0 ? 0 : stride));

    // A call with one input gives its lists, one with several a list of such lists; lengths and mappings are one list either way.
    private static string? Difference(JsonProperty field, IEnumerable<string> actual, bool single)
    {
        var expected = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray().Select(Text).ToList() : [Text(field.Value)];
        var found = actual.ToList();
        if (single && field.Name is not ("length" or "overflow_to_sample_mapping" or "offset_mapping"))
            expected = [List(expected)];
        return expected.SequenceEqual(found) ? null : $"{field.Name}:\n  expected {string.Join(" | ", expected)}\n  was      {string.Join(" | ", found)}";
    }

    // The original counts offsets in code points.
    private static IEnumerable<int> CodePoints(TokenEncoding encoding, (object First, object? Second) input)
    {
        for (var i = 0; i < encoding.Length; i++)
        {
            var text = encoding.SequenceIds[i] switch { 0 => (string)input.First, 1 => (string)input.Second!, _ => "" };
            yield return Count(text.AsSpan(0, encoding.Offsets[i].Start));
            yield return Count(text.AsSpan(0, encoding.Offsets[i].End));
        }

        static int Count(ReadOnlySpan<char> text)
        {
            var count = 0;
            foreach (var _ in text.EnumerateRunes())
                count++;
            return count;
        }
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.Array ? List(element.EnumerateArray().Select(Text)) : element.ToString();

    private static string List<T>(IEnumerable<T> values) => string.Join(' ', values);
}
