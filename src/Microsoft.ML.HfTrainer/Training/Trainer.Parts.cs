namespace Microsoft.ML.HfTrainer;

public partial class Trainer
{
    /// <summary>Creates the trainer of an estimator: the base constructor of classes that <see cref="HfTrainerOptions.TrainerFactory"/> creates.</summary>
    /// <param name="parts">The parts that the estimator made.</param>
    /// <exception cref="ArgumentException">Arguments are out of range, unknown, or contradict each other.</exception>
    public Trainer(TrainerParts parts)
        : this(
            (parts ?? throw new ArgumentNullException(nameof(parts))).Model, parts.Args, parts.TrainDataset, parts.EvalDataset, parts.Tokenizer, parts.DataCollator,
            parts.ComputeMetrics, parts.Callbacks, parts.Logger)
    {
        (EvalDatasets, ComputeLossFunc) = (parts.EvalDatasets, parts.ComputeLossFunc);
    }
}
