using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The sliding window of attention that is not causal: a token sees those on either side up to a distance.</summary>
internal static class BidirectionalWindow
{
    /// <summary>Returns the bias that hides more distant tokens when it is added to scores, <c>[1, 1, length, length]</c>, or null if there are none. All layers share it.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="distance">The largest distance at which a token sees another.</param>
    public static Tensor? Bias(TokenLayout layout, int distance) =>
        layout.QueryLength > distance + 1L ? layout.Share((nameof(BidirectionalWindow), distance), () => Beyond(layout, distance)) : null;

    private static Tensor Beyond(TokenLayout layout, int distance)
    {
        using var scope = NewDisposeScope();
        var places = arange(layout.QueryLength, device: layout.Device);
        var beyond = (places.unsqueeze(1) - places).abs().greater(distance);
        return zeros(beyond.shape, ScalarType.Float32, beyond.device).masked_fill(beyond, Attention.Lowest(ScalarType.Float32)).view(1, 1, layout.QueryLength, layout.QueryLength).MoveToOuterDisposeScope();
    }
}
