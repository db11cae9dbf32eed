using Microsoft.ML.HfTrainer.Tokenization.Marian;
using Microsoft.ML.HfTrainer.Tokenization.Merges;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>What a class of the original has where the files say nothing.</summary>
internal sealed record TokenizerClass
{
    private static readonly TokenizerClass None = new();

    private static readonly Dictionary<string, TokenizerClass> All = PieceLayouts.Classes
        .Concat(MergeLayouts.Classes)
        .Append((MarianFiles.TokenizerClass, new TokenizerClass { Marks = MarianFiles.Marks, MaxLength = 512 }))
        .Append(("MBart50Tokenizer", new TokenizerClass { Marks = RobertaMarks.All, HasLanguages = true }))
        .Append(("NllbTokenizer", new TokenizerClass { Marks = RobertaMarks.All, HasLanguages = true }))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>The special tokens by role.</summary>
    public IReadOnlyDictionary<string, string> Marks { get; init; } = new Dictionary<string, string>();

    /// <summary>The end at which padding is added.</summary>
    public Side PaddingSide { get; init; } = Side.Right;

    /// <summary>The longest input in tokens; null for no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether the code of a language is put beside texts.</summary>
    public bool HasLanguages { get; init; }

    /// <summary>The class of a name, with <c>Fast</c> at its end or without; one that has nothing where the name is null or unknown.</summary>
    public static TokenizerClass Find(string? name) => name is null ? None : All.GetValueOrDefault(Slow(name), None);

    /// <summary>The name without <c>Fast</c> at its end: both classes are one by now.</summary>
    public static string Slow(string name) => name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
}
