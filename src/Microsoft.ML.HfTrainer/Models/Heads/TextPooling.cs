using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>How a head gets one vector for each text, <c>[batch, size]</c>.</summary>
/// <param name="Of">Makes it of hidden states in a layout.</param>
/// <param name="UsesPooler">Whether the body's pooler takes part.</param>
internal sealed record TextPooling(TextPooling.Function Of, bool UsesPooler = false)
{
    public delegate Tensor Function(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts);

    /// <summary>The hidden state of the first token.</summary>
    public static TextPooling FirstToken { get; } = new((_, hidden, layout, _) => layout.First(hidden));

    /// <summary>The body's pooler.</summary>
    public static TextPooling Pooler { get; } = new((body, hidden, layout, _) => body.Pool(hidden, layout)!, UsesPooler: true);
}
