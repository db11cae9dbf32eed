using Microsoft.ML.HfTrainer.Estimators.Tasks;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>The texts that an encoder-decoder learns to generate.</summary>
/// <param name="Column">The name of their column.</param>
/// <param name="MaxLength">The maximum number of tokens of a text, special tokens included.</param>
/// <param name="Language">The language code of the texts; null for that of the tokenizer.</param>
internal sealed record TargetTexts(string Column, int MaxLength, string? Language)
{
    /// <summary>The name of the feature that the texts become.</summary>
    public const string Feature = "target_text";

    /// <summary>What messages call the column.</summary>
    public const string Kind = "target column";

    /// <summary>Returns the tokens of the target of a row.</summary>
    /// <exception cref="InvalidDataException">The target is empty.</exception>
    public int[] Ids(TaskRow row, string text) => string.IsNullOrWhiteSpace(text)
        ? throw row.Refuse($"has an empty target in '{Column}'; each row needs a text that the model learns to generate.")
        : row.Tokenizer.Encode(text, options: new EncodeOptions { AsTarget = true, Language = Language, MaxLength = MaxLength }).Ids;

    /// <summary>Completes generation settings: their length and, for a language, the token that the target begins with.</summary>
    /// <exception cref="ArgumentException">The caller's own settings begin the target with another token.</exception>
    public void Complete(GenerationConfig settings, GenerationConfig? own, HfTokenizer tokenizer, long? positions)
    {
        if (settings is { MaxLength: null, MaxNewTokens: null })
            settings.MaxLength = (int)Math.Min(Math.Min(MaxLength, positions ?? MaxLength) + 1L, int.MaxValue);
        if (Language is null || tokenizer.TokenToId(Language) is not { } code)
            return;
        // The code leads a target of mBART-50 and NLLB, behind the start token; that of mBART ends it, and the decoder starts with it.
        if (tokenizer.Encode("", options: new EncodeOptions { AsTarget = true, Language = Language }).Ids[0] == code)
            settings.ForcedBosTokenId = Agreed(nameof(settings.ForcedBosTokenId), own?.ForcedBosTokenId, code);
        else
            settings.DecoderStartTokenId = Agreed(nameof(settings.DecoderStartTokenId), own?.DecoderStartTokenId, code);
    }

    private int Agreed(string name, int? given, int code) => (given ?? code) == code ? code : throw new ArgumentException(
        $"Generation.{name} is {given}, and TargetLanguage is '{Language}', whose token is {code}; set one of them.");
}
