using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>What a token sees that looks both ways, but not far.</summary>
internal static class Neighbourhood
{
    /// <summary>Added to scores, it hides all but the neighbours on either side, <c>[1, 1, length, length]</c>; null: nothing is beyond them.</summary>
    /// <param name="layout">The layout, which shares it among layers.</param>
    /// <param name="reach">How many neighbours a token sees on each side.</param>
    public static Tensor? Bias(TokenLayout layout, int reach) =>
        layout.QueryLength > reach + 1L ? layout.Share((nameof(Neighbourhood), reach), () => Beyond(layout, reach)) : null;

    private static Tensor Beyond(TokenLayout layout, int reach)
    {
        using var scope = NewDisposeScope();
        var places = arange(layout.QueryLength, device: layout.Device);
        var beyond = (places.unsqueeze(1) - places).abs().greater(reach);
        return zeros(beyond.shape, ScalarType.Float32, beyond.device).masked_fill(beyond, Attention.Lowest(ScalarType.Float32)).view(1, 1, layout.QueryLength, layout.QueryLength).MoveToOuterDisposeScope();
    }
}
