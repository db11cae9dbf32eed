using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>What a task makes of its training data's schema.</summary>
internal abstract class TaskBinding<TTransformer>
{
    /// <summary>The metrics of the task.</summary>
    public abstract IReadOnlyDictionary<string, double> ComputeMetrics(EvalPrediction prediction);

    /// <summary>The loss in place of the model's own; null: the model's.</summary>
    public virtual LossFunction? Loss => null;

    /// <summary>Reads tokens and labels.</summary>
    public abstract DataViewDataset Read(TokenData data);

    /// <summary>Loads the pretrained model with the task's head.</summary>
    public abstract PretrainedModel Load(string folder, AttentionImplementation attention);

    /// <summary>Makes the transformer of a trained model.</summary>
    public abstract TTransformer Finish(TrainedModel trained);
}
