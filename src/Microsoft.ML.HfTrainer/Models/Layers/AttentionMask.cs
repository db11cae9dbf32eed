using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Which keys each query sees.</summary>
/// <param name="Visible">True where a query sees a key; broadcasts to <c>[batch, heads, queries, keys]</c>. If null, only <paramref name="IsCausal"/> hides keys.</param>
/// <param name="IsCausal">true if each query sees the keys up to its own and nothing else is hidden, so that no mask has to be made.</param>
internal readonly record struct AttentionMask(Tensor? Visible, bool IsCausal = false);
