using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A Trainer that follows a golden run's settings and notes what the run's file holds.</summary>
internal sealed class RunTrainer(GoldenRun run, EventRecorder recorder) : Trainer(
    run.Model, run.Arguments, Dataset.From(run.Train), run.Eval, run.Tokenizer, run.Collator, run.Metric, [.. run.Callbacks, recorder])
{
    /// <summary>What each micro-batch's training step gave.</summary>
    public List<double> MicroLosses { get; } = [];

    /// <summary>The labels over which each micro-batch's loss was averaged.</summary>
    public List<long?> LabelCounts { get; } = [];

    protected override double TrainingStep(Batch batch, int groupSize)
    {
        LabelCounts.Add(batch.LabelCount);
        var loss = base.TrainingStep(batch, groupSize);
        MicroLosses.Add(run.NanSteps.Contains(MicroLosses.Count + 1) ? double.NaN : loss);
        return MicroLosses[^1];
    }

    protected override Optimizer CreateOptimizer()
    {
        var usual = base.CreateOptimizer();
        if (run.Groups(usual.Groups) is not { } groups)
            return usual;
        usual.Dispose();
        return new AdamW(groups, Args.AdamBeta1, Args.AdamBeta2, Args.AdamEpsilon);
    }
}
