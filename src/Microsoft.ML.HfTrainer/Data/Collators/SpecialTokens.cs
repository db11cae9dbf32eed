using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>Finds the special tokens of a batch.</summary>
internal static class SpecialTokens
{
    /// <summary>Returns a Boolean tensor of the shape of the ids that is true for special tokens.</summary>
    public static Tensor Mask(HfTokenizer tokenizer, Tensor ids)
    {
        var special = Array.ConvertAll(ids.data<long>().ToArray(), id => tokenizer.IsSpecial((int)id));
        return tensor(special).view(ids.shape);
    }
}
