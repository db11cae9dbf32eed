using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The base class of optimizers, which update parameters from their gradients. To write an optimizer, derive from <see cref="ParameterwiseOptimizer"/> and register it with
/// <see cref="Optimizers.Register"/>; derive from this class only if its state does not belong to single parameters.
/// </summary>
/// <param name="groups">The parameter groups.</param>
/// <exception cref="ArgumentException">Two parameters have the same name.</exception>
public abstract class Optimizer(IReadOnlyList<ParameterGroup> groups) : IDisposable
{
    /// <summary>Gets the parameter groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; } = WithDistinctNames(groups);

    /// <summary>Updates all parameters that have a gradient.</summary>
    public abstract void Step();

    /// <summary>Allocates the state that the next <see cref="Step"/> needs, so that insufficient memory shows before a parameter is updated.</summary>
    internal virtual void PrepareStep()
    {
    }

    /// <summary>Returns the state tensors by name, <c>{parameter}.{state}</c>. The optimizer keeps ownership of the tensors.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> State();

    /// <summary>Replaces the state by one that <see cref="State"/> returned.</summary>
    /// <param name="state">The tensors by the names that <see cref="State"/> returns. They are copied to the device of the parameter.</param>
    /// <exception cref="InvalidDataException">A name is missing or unknown, or a tensor has a different shape. The optimizer is unchanged.</exception>
    public abstract void LoadState(IReadOnlyDictionary<string, Tensor> state);

    /// <summary>Releases all gradients.</summary>
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

    /// <summary>Frees the state.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    // State is saved by name: of two parameters with one name, one would lose its state.
    private static IReadOnlyList<ParameterGroup> WithDistinctNames(IReadOnlyList<ParameterGroup> groups)
    {
        var names = new HashSet<string>();
        return groups.SelectMany(group => group.Parameters).FirstOrDefault(parameter => !names.Add(parameter.Name)) is { Name: { } name }
            ? throw new ArgumentException($"The parameter groups contain two parameters named '{name}'; each name should occur once in all groups.", nameof(groups))
            : groups;
    }
}
