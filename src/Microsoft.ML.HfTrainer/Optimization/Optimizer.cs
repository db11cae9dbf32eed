using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Changes parameters by their gradients. Derive from <see cref="ParameterwiseOptimizer"/> to write one of your own, and make it known by
/// <see cref="Optimizers.Register"/>; derive from this class only where what is remembered does not belong to single parameters.
/// </summary>
/// <param name="groups">The parameter groups.</param>
public abstract class Optimizer(IReadOnlyList<ParameterGroup> groups) : IDisposable
{
    /// <summary>The parameter groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    /// <summary>Makes one step with the gradients that are there; a parameter without one stays as it is.</summary>
    public abstract void Step();

    /// <summary>What it remembers of each parameter, as <c>{parameter}.{state}</c>; the tensors stay the optimizer's.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> State();

    /// <summary>Takes back what <see cref="State"/> gave, bit for bit; what it remembered before is dropped.</summary>
    /// <param name="state">Tensors by the names that <see cref="State"/> gives; they are copied, to the device of the parameter.</param>
    /// <exception cref="InvalidDataException">A name is missing or belongs to nothing here, or a tensor has another shape; nothing has changed then.</exception>
    public abstract void LoadState(IReadOnlyDictionary<string, Tensor> state);

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
