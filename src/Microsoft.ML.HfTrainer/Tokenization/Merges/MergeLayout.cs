using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>The components that a Hugging Face tokenizer class builds from a byte-level vocabulary and its merges.</summary>
/// <param name="Classes">The names of the class and its equivalents, without the suffix <c>Fast</c>.</param>
/// <param name="SpecialTokens">The special tokens by role that apply if no file names them.</param>
/// <param name="Template">Creates the templates for a text and for a pair of texts.</param>
internal sealed record MergeLayout(
    IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> SpecialTokens, Func<MergeSource, PostProcessing> Template)
{
    /// <summary>The normalizer, or null for none.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>Creates the pre-tokenizer; the argument is true to prepend a space to a text that does not begin with one.</summary>
    public Func<bool, IPreTokenizer> PreTokenizer { get; init; } = addsSpace => new ByteLevel(addsSpace, splits: true);
}
