namespace Microsoft.ML.HfTrainer;

/// <summary>Makes one batch of tensors of several examples.</summary>
public interface IDataCollator
{
    /// <summary>The batch; its tensors belong to no dispose scope.</summary>
    Batch Collate(IReadOnlyList<Example> examples);
}
