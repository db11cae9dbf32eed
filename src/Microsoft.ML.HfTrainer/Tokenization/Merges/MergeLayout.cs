using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>What a class of the original makes of a byte-level vocabulary and its merges.</summary>
/// <param name="Classes">The names of the class, and of others that do the same, without <c>Fast</c> at the end.</param>
/// <param name="Marks">The special tokens by role where no file names them.</param>
/// <param name="Template">What is put around the tokens of a text, and of a pair of texts.</param>
internal sealed record MergeLayout(
    IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Marks, Func<MergeSource, PostProcessing> Template)
{
    /// <summary>What is done to a text first.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>Splits a text, given whether one that begins without a space gets one.</summary>
    public Func<bool, IPreTokenizer> PreTokenizer { get; init; } = addsSpace => new ByteLevel(addsSpace, splits: true);
}
