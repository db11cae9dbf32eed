using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>In training, sets each element of a tensor of any shape to 0 with a probability and scales the others accordingly. Outside training it returns its input.</summary>
/// <param name="probability">The probability from 0 to 1.</param>
public sealed class Dropout(double probability) : Layer
{
    /// <summary>The source of random numbers.</summary>
    internal RandomStream Stream { get; set; } = RandomStream.Reference;

    /// <summary>The probability in force: 0 outside training.</summary>
    public double Probability => training ? probability : 0;

    /// <summary>Returns the input with some elements set to 0, or the input itself if nothing is dropped.</summary>
    /// <param name="input">A tensor of any shape.</param>
    public Tensor Forward(Tensor input)
    {
        if (Probability is not (> 0 and var p))
            return input;
        return Stream == RandomStream.Fast && input.device_type == TorchSharp.DeviceType.CPU && p < 1
            ? input * DropoutMask.Draw(input, p)
            : nn.functional.dropout(input, p);
    }
}
