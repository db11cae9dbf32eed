using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>One of the like layers that an encoder or a decoder is a stack of.</summary>
internal abstract class TransformerLayer : Layer
{
    /// <summary>Keeps the input alone in training and computes the rest again in the backward pass; null: all is kept.</summary>
    public Recomputation? Recomputation { get; set; }

    /// <summary>Hidden states after the layer. Queries, keys and values are of the same texts.</summary>
    public Tensor Run(Tensor hidden, TokenLayout layout) => (training ? Recomputation : null, layout) switch
    {
        (null, _) => Forward(hidden, layout),
        ({ } again, TargetLayout target) => again.Run([hidden, target.Memory.Hidden], (inputs, isAgain) => Forward(inputs[0], isAgain ? target.Recreate(inputs[1]) : target)),
        ({ } again, _) => again.Run(hidden, (input, isAgain) => Forward(input, isAgain ? layout.Recreate() : layout)),
    };

    /// <summary>Hidden states after all of some layers. Those given are disposed.</summary>
    public static Tensor RunAll(IEnumerable<TransformerLayer> layers, Tensor hidden, TokenLayout layout)
    {
        foreach (var layer in layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        return hidden;
    }

    protected abstract Tensor Forward(Tensor hidden, TokenLayout layout);
}
