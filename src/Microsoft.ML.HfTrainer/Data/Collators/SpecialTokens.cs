using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>Where a batch has special tokens.</summary>
internal static class SpecialTokens
{
    /// <summary>True at the tokenizer's special tokens, in the shape of the ids.</summary>
    public static Tensor Mask(HfTokenizer tokenizer, Tensor ids)
    {
        var special = Array.ConvertAll(ids.data<long>().ToArray(), id => tokenizer.IsSpecial((int)id));
        return tensor(special).view(ids.shape);
    }
}
