using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Data.Collators;

/// <summary>What tests of collators share: a tokenizer of 120 words, of which the first are [PAD] [UNK] [CLS] [SEP] [MASK].</summary>
internal static class Collators
{
    public static HfTokenizer Tokenizer { get; } = CollatorCase.Tokenizer();

    /// <summary>An example of tokens, and of labels where there are any.</summary>
    public static Example Text(int[] ids, Feature labels = default)
    {
        var example = new Example { ["input_ids"] = ids, ["attention_mask"] = Array.ConvertAll(ids, _ => 1) };
        if (!labels.IsDefault)
            example["labels"] = labels;
        return example;
    }

    /// <summary>The numbers of a tensor, whole.</summary>
    public static string Numbers(this torch.Tensor tensor)
    {
        using var whole = tensor.to(torch.ScalarType.Int64);
        return string.Join(' ', whole.data<long>().ToArray());
    }
}
