using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A parameter with its optimizer state.</summary>
public sealed class OptimizedParameter : IDisposable
{
    /// <summary>The name of the state that holds the number of steps.</summary>
    public const string StepCount = "step";

    private readonly Dictionary<string, Tensor> _state = [];
    private Tensor? _gradient;

    internal OptimizedParameter(string name, Parameter parameter, IEnumerable<(string Name, Tensor Tensor)> state)
    {
        (Name, Value) = (name, parameter);
        try
        {
            foreach (var (key, tensor) in state)
                _state[key] = tensor.DetachFromDisposeScope();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the name of the parameter in the model.</summary>
    public string Name { get; }

    /// <summary>Gets the parameter.</summary>
    public Parameter Value { get; }

    /// <summary>Gets the gradient. It is available only during a step and must not be modified.</summary>
    public Tensor Gradient
    {
        get => _gradient ?? throw new UnreachableException();
        internal set => _gradient = value;
    }

    /// <summary>Indicates whether the current step is the parameter's first one.</summary>
    public bool IsFirstStep { get; internal set; } = true;

    /// <summary>Gets the names of the state tensors.</summary>
    public IReadOnlyCollection<string> StateNames => _state.Keys;

    /// <summary>Gets a state tensor, which is updated in place.</summary>
    /// <param name="state">The name of the state.</param>
    public Tensor this[string state] => _state[state];

    /// <summary>Adds 1 to the state <c>step</c>.</summary>
    /// <returns>The number of steps, including the current one.</returns>
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
