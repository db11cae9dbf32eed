using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A Trainer that follows a golden run's settings and notes what the run's file holds.</summary>
internal class RunTrainer : Seq2SeqTrainer
{
    private readonly GoldenRun _run;

    private RunTrainer(GoldenRun run, EventRecorder recorder)
        : base(run.Model, run.Arguments, run.TrainSet, run.Eval, run.Tokenizer, run.Collator, run.Metric, [.. run.Callbacks, recorder])
    {
        _run = run;
        (EvalDatasets, ComputeBatchMetrics, PreprocessLogitsForMetrics, ComputeLossFunc) = (run.EvalSets, run.BatchMetric, run.Preprocess, run.Loss.Function);
    }

    /// <summary>What each micro-batch's training step gave.</summary>
    public List<double> MicroLosses { get; } = [];

    /// <summary>The labels over which each micro-batch's loss was averaged.</summary>
    public List<long?> LabelCounts { get; } = [];

    /// <summary>The trainer of a run.</summary>
    public static RunTrainer Of(GoldenRun run, EventRecorder recorder) => run.Loss.Override is null ? new RunTrainer(run, recorder) : new OwnLoss(run, recorder);

    protected override Tensor TrainingStep(Batch batch, int groupSize)
    {
        LabelCounts.Add(batch.LabelCount);
        var loss = base.TrainingStep(batch, groupSize);
        if (_run.Loss.NanSteps.Contains(MicroLosses.Count + 1))
            loss.fill_(float.NaN);
        MicroLosses.Add(loss.item<float>());
        return loss;
    }

    // The original evaluates by length too and gives predictions in that order; the library keeps the dataset's.
    protected override Sampler? GetEvalSampler(Dataset dataset) => Args.TrainSamplingStrategy == TrainSamplingStrategy.GroupByLength
        ? new LengthGroupedSampler([.. dataset.Select(e => e["input_ids"].Length)], Args.PerDeviceEvalBatchSize, Args.DataSeed ?? Args.Seed ?? TrainingArguments.DefaultSeed)
        : base.GetEvalSampler(dataset);

    protected override Optimizer CreateOptimizer()
    {
        var usual = base.CreateOptimizer();
        if (_run.Groups(usual.Groups) is not { } groups)
            return usual;
        usual.Dispose();
        return new AdamW(groups, Args.AdamBeta1, Args.AdamBeta2, Args.AdamEpsilon);
    }

    /// <summary>A trainer whose loss is computed by an override: the mean over its micro-batch.</summary>
    private sealed class OwnLoss(GoldenRun run, EventRecorder recorder) : RunTrainer(run, recorder)
    {
        protected override bool? LossIsScaled => false;

        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            var output = Model.call(batch);
            return (_run.Loss.Override!(output.Logits, batch.Get(Batch.Labels)), output);
        }
    }
}
