using Microsoft.ML.HfTrainer.Tokenization.Marian;
using Microsoft.ML.HfTrainer.Tokenization.Merges;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The defaults of a Hugging Face tokenizer class, for what the files do not specify.</summary>
internal sealed record TokenizerClass
{
    private static readonly TokenizerClass None = new();

    private static readonly Dictionary<string, TokenizerClass> All = PieceLayouts.Classes
        .Concat(MergeLayouts.Classes)
        .Concat(VocabularyText.Classes)
        .Append((MarianFiles.TokenizerClass, new TokenizerClass { SpecialTokens = MarianFiles.SpecialTokens, MaxLength = 512 }))
        .Append(("MBart50Tokenizer", new TokenizerClass { SpecialTokens = FairseqTokens.All, HasLanguages = true }))
        .Append(("NllbTokenizer", new TokenizerClass { SpecialTokens = FairseqTokens.All, HasLanguages = true }))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>The special tokens by role.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>The side on which padding is added.</summary>
    public Side PaddingSide { get; init; } = Side.Right;

    /// <summary>The maximum input length in tokens, or null for no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>true if the template adds a language code to texts.</summary>
    public bool HasLanguages { get; init; }

    /// <summary>true if the mask token absorbs the space before it, unless a file gives it other flags. Default: false.</summary>
    public bool MaskTakesSpace { get; init; }

    /// <summary>Returns the defaults of a class, named with or without the suffix <c>Fast</c>; empty defaults if the name is null or unknown.</summary>
    public static TokenizerClass Find(string? name) => name is null ? None : All.GetValueOrDefault(WithoutFast(name), None);

    /// <summary>Removes the suffix <c>Fast</c>: both variants of a class behave alike.</summary>
    public static string WithoutFast(string name) => name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
}
