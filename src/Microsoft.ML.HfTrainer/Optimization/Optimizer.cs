using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Parameters that share a learning rate and a weight decay.</summary>
/// <param name="parameters">The parameters by name.</param>
/// <param name="weightDecay">Their weight decay.</param>
/// <param name="learningRate">Their learning rate before the schedule.</param>
public sealed class ParameterGroup(IReadOnlyList<(string Name, Parameter Parameter)> parameters, double weightDecay, double learningRate)
{
    /// <summary>The parameters by name.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; } = parameters;

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; } = weightDecay;

    /// <summary>The learning rate before the schedule.</summary>
    public double InitialLearningRate { get; } = learningRate;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;
}

/// <summary>Changes parameters by their gradients.</summary>
public abstract class Optimizer(IReadOnlyList<ParameterGroup> groups) : IDisposable
{
    /// <summary>The parameter groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    /// <summary>Makes one step.</summary>
    public abstract void Step();

    /// <summary>What it remembers of each parameter, as <c>{parameter}.{state}</c>; the tensors stay the optimizer's.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> State();

    /// <summary>Drops all gradients.</summary>
    public void ZeroGrad()
    {
        foreach (var group in Groups)
            foreach (var (_, parameter) in group.Parameters)
                parameter.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the optimizer remembers.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
