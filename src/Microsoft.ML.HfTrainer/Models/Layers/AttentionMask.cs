using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Which keys attention may see.</summary>
internal static class AttentionMask
{
    /// <summary>True where a token is no padding, <c>[batch, 1, 1, length]</c>; null where the batch has none.</summary>
    public static Tensor? From(Batch batch) =>
        batch.HasPadding && batch.Find("attention_mask") is { } mask ? mask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1) : null;
}
