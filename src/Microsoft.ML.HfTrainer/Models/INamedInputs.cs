namespace Microsoft.ML.HfTrainer;

/// <summary>A model that says which tensors of a batch it takes, so that no tensors are made of other features (<c>RemoveUnusedColumns</c>).</summary>
public interface INamedInputs
{
    /// <summary>The names of the tensors, labels among them.</summary>
    IReadOnlyCollection<string> InputNames { get; }
}
