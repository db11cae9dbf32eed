using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Optimization;

/// <summary>A few parameters in two groups, and gradients for them that differ from step to step.</summary>
internal sealed class Toy : IDisposable
{
    private readonly (string Name, Parameter Value)[] _parameters =
    [
        ("matrix", Filled(1, 3, 4)), ("vector", Filled(2, 5)), ("scalar", Filled(3)), ("kernel", Filled(4, 2, 2, 3)), ("idle", Filled(5, 2)),
    ];

    public Toy(double weightDecay = 0.1) => Groups =
    [
        new ParameterGroup([.. _parameters[..2]], weightDecay, 0.02),
        new ParameterGroup([.. _parameters[2..]], 0, 0.02),
    ];

    public IReadOnlyList<ParameterGroup> Groups { get; }

    public Dictionary<string, float[]> Values => _parameters.ToDictionary(p => p.Name, p => GoldenTensor.Of(p.Value).Values);

    public void Set(string name, Action<Tensor> change)
    {
        using var noGrad = no_grad();
        change(_parameters.Single(p => p.Name == name).Value);
    }

    /// <summary>Steps with the gradients of these numbers; "idle" has none, "scalar" none in the first.</summary>
    public void Train(Optimizer optimizer, IEnumerable<int> steps)
    {
        foreach (var step in steps)
        {
            using var scope = NewDisposeScope();
            foreach (var (name, value) in _parameters)
                value.grad = name == "idle" || name == "scalar" && step == 1 ? null : Sines(step * 7 + name.Length, value.shape);
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }

    public void Dispose()
    {
        foreach (var (_, value) in _parameters)
            value.Dispose();
    }

    private static Parameter Filled(int seed, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return (Parameter)new Parameter(Sines(seed, shape)).DetachFromDisposeScope();
    }

    private static Tensor Sines(int seed, long[] shape)
    {
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        return tensor(Enumerable.Range(1, count).Select(i => (float)Math.Sin(i * 1.7 + seed)).ToArray()).reshape(shape);
    }
}
