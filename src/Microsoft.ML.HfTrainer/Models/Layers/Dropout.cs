using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>In training, zeroes each element with a probability and scales the rest; draws from the global generator, element by element in memory order.</summary>
internal sealed class Dropout(double probability) : Layer
{
    public double Probability => training ? probability : 0;

    // The input itself may be returned: nothing is drawn and no tensor is made where nothing is dropped.
    public Tensor Forward(Tensor input) => Probability > 0 ? nn.functional.dropout(input, probability) : input;
}
