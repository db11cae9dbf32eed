using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A parameter with what an optimizer remembers of it.</summary>
public sealed class OptimizedParameter : IDisposable
{
    /// <summary>The name of the state that counts steps.</summary>
    public const string StepCount = "step";

    private readonly Dictionary<string, Tensor> _state = [];
    private Tensor? _gradient;

    internal OptimizedParameter(string name, Parameter parameter, IEnumerable<(string Name, Tensor Tensor)> state)
    {
        (Name, Value) = (name, parameter);
        foreach (var (key, tensor) in state)
            _state[key] = tensor.DetachFromDisposeScope();
    }

    /// <summary>The parameter's name in the model.</summary>
    public string Name { get; }

    /// <summary>The parameter.</summary>
    public Parameter Value { get; }

    /// <summary>Its gradient; there during a step alone, and not to be changed.</summary>
    public Tensor Gradient
    {
        get => _gradient ?? throw new UnreachableException();
        internal set => _gradient = value;
    }

    /// <summary>Whether this step is the first that the parameter takes part in.</summary>
    public bool IsFirstStep { get; internal set; } = true;

    /// <summary>The names of what is remembered.</summary>
    public IReadOnlyCollection<string> StateNames => _state.Keys;

    /// <summary>A remembered tensor, to be changed in place.</summary>
    /// <param name="state">Its name.</param>
    public Tensor this[string state] => _state[state];

    /// <summary>Counts this step in the state <c>step</c>.</summary>
    /// <returns>Steps made with this one.</returns>
    public double Advance()
    {
        var step = _state[StepCount].add_(1);
        return step.item<float>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _state.Values)
            tensor.Dispose();
        _state.Clear();
    }
}
