using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>
/// Strips a character from the ends of each piece: up to <paramref name="start"/> times at the beginning, up to <paramref name="stop"/> times at the
/// end.
/// </summary>
internal sealed class StripDecoder(string character, int start, int stop) : IDecoder, IPart<StripDecoder>
{
    public static string TypeName => "Strip";

    public static StripDecoder Read(PartReader json)
    {
        var (character, start, stop) = (json.Text("content"), json.Number("start"), json.Number("stop"));
        if (Tokenization.Text.Characters.Count(character) != 1)
            throw json.Error($"'content' is '{character}'; it must be one character.");
        return start >= 0 && stop >= 0
            ? new StripDecoder(character, start, stop)
            : throw json.Error($"'start' is {start} and 'stop' is {stop}; both must be 0 or more.");
    }

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        var text = token.AsSpan();
        for (var i = 0; i < start && text.StartsWith(character, StringComparison.Ordinal); i++)
            text = text[character.Length..];
        for (var i = 0; i < stop && text.EndsWith(character, StringComparison.Ordinal); i++)
            text = text[..^character.Length];
        return text.Length == token.Length ? token : text.ToString();
    }
}
