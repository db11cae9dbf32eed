using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>One of the layers of an encoder or a decoder, from hidden states to hidden states of the same shape. With gradient checkpointing it is computed again in the backward pass.</summary>
public abstract class TransformerLayer : Layer
{
    /// <summary>Keeps only the input in training and computes the layer again in the backward pass. If null, all activations are kept.</summary>
    internal Recomputation? Recomputation { get; set; }

    /// <summary>Computes the layer's hidden states.</summary>
    /// <param name="hidden">Hidden states in the layout.</param>
    /// <param name="layout">The layout.</param>
    public Tensor Run(Tensor hidden, TokenLayout layout) => (training ? Recomputation : null, layout.Memory) switch
    {
        (null, _) => Forward(hidden, layout),
        ({ } again, { } memory) => again.Run([hidden, memory.Hidden], (inputs, isAgain) => Forward(inputs[0], isAgain ? layout.Recreate(inputs[1]) : layout)),
        ({ } again, null) => again.Run(hidden, (input, isAgain) => Forward(input, isAgain ? layout.Recreate() : layout)),
    };

    /// <summary>Runs layers one after another.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="hidden">Hidden states, which are disposed.</param>
    /// <param name="layout">The layout.</param>
    public static Tensor RunAll(IEnumerable<TransformerLayer> layers, Tensor hidden, TokenLayout layout)
    {
        foreach (var layer in layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        return hidden;
    }

    /// <summary>Computes the layer's hidden states. In the backward pass it may be called once more with the same values.</summary>
    /// <param name="hidden">Hidden states in the layout.</param>
    /// <param name="layout">The layout.</param>
    protected abstract Tensor Forward(Tensor hidden, TokenLayout layout);
}
