using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>In training, zeroes each element with a probability and scales the rest.</summary>
internal sealed class Dropout(double probability) : Layer
{
    /// <summary>Where its random numbers come from.</summary>
    public RandomStream Stream { get; set; } = RandomStream.Reference;

    /// <summary>The probability in force: 0 outside training.</summary>
    public double Probability => training ? probability : 0;

    // The input itself may be returned: nothing is drawn and no tensor is made where nothing is dropped.
    public Tensor Forward(Tensor input)
    {
        if (Probability is not (> 0 and var p))
            return input;
        return Stream == RandomStream.Fast && input.device_type == TorchSharp.DeviceType.CPU && p < 1
            ? input * DropoutMask.Draw(input, p)
            : nn.functional.dropout(input, p);
    }
}
