namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>Patterns of widely used tokenizers with a matcher of their own, which is several times as fast as a regular expression.</summary>
internal static class KnownPatterns
{
    private static readonly Dictionary<string, WordPattern> ByText = new(StringComparer.Ordinal)
    {
        [Gpt2Pattern.Text] = Gpt2Pattern.Instance,
        [Cl100kPattern.ThreeDigits] = new Cl100kPattern(3),
        [Cl100kPattern.OneDigit] = new Cl100kPattern(1),
    };

    public static IReadOnlyDictionary<string, WordPattern> All => ByText;

    public static WordPattern? Find(string pattern) => ByText.GetValueOrDefault(pattern);
}
