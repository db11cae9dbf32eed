using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>An element-wise activation function with weights.</summary>
internal abstract class LearnedActivation : Layer
{
    /// <summary>Applies the function to each element, <c>[...]</c> to the same shape.</summary>
    public abstract Tensor Forward(Tensor input);
}

/// <summary>The rectified linear unit with a learned slope below 0 (He et al. 2015, arXiv:1502.01852).</summary>
internal sealed class Prelu : LearnedActivation
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _slope;

    public Prelu() => _slope = Weights.Allocate(this, "weight", 1);

    public override void Initialize(string name, Tensor parameter, double deviation) => parameter.fill_(0.25);

    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (input.clamp(min: 0) + _slope * input.clamp(max: 0)).MoveToOuterDisposeScope();
    }
}

/// <summary>The expanded integral of the exponential linear unit (Huang and Schlag 2024, arXiv:2411.13010): its gradient grows linearly above 0 and is that of an exponential below.</summary>
internal sealed class Xielu : LearnedActivation
{
    // In bfloat16, as Hugging Face Transformers creates them, whatever the type of the model is.
    private const double InitialPositive = 0.2041015625, InitialNegative = -1.046875, InitialBeta = 0.5, InitialEpsilon = -9.98377799987793e-07;
    private const string Positive = "alpha_p", Negative = "alpha_n", Beta = "beta", Epsilon = "eps";

    [ComponentName(Name = Positive)]
    private readonly Parameter _positive;

    [ComponentName(Name = Negative)]
    private readonly Parameter _negative;

    public Xielu()
    {
        (_positive, _negative) = (Weights.Allocate(this, Positive, 1), Weights.Allocate(this, Negative, 1));
        AddBuffer(Beta, InitialBeta);
        AddBuffer(Epsilon, InitialEpsilon);
    }

    public override void Initialize(string name, Tensor parameter, double deviation) => parameter.fill_(name switch
    {
        Positive => InitialPositive,
        Negative => InitialNegative,
        Beta => InitialBeta,
        _ => InitialEpsilon,
    });

    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (beta, epsilon) = (get_buffer(Beta)!, get_buffer(Epsilon)!);
        var above = Softplus(_positive) * input * input;
        var below = (input.minimum(epsilon).expm1() - input) * (beta + Softplus(_negative));
        return (where(input.greater(0), above, below) + beta * input).MoveToOuterDisposeScope();
    }

    private void AddBuffer(string name, double value)
    {
        var buffer = tensor(value, ModelAllocation.Type);
        register_buffer(name, buffer.DetachFromDisposeScope());
    }

    private static Tensor Softplus(Tensor x) => -nn.functional.logsigmoid(-x);
}
