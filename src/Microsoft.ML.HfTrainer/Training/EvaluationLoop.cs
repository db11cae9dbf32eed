using System.Diagnostics;
using Microsoft.ML.HfTrainer.Precision;
using Microsoft.ML.HfTrainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

// Evaluation and prediction: the loop over batches, and what is made of its outputs.
public partial class Trainer
{
    // How long the model was moved to its device, where an evaluation did it and not training.
    private double? _preparationTime;

    /// <summary>Loss and metrics of the evaluation set, or of each of <see cref="EvalDatasets"/> under its name; they are logged too.</summary>
    /// <param name="metricKeyPrefix">What the names of metrics begin with.</param>
    public IReadOnlyDictionary<string, double> Evaluate(string metricKeyPrefix = "eval")
    {
        if (EvalDatasets is not { } sets)
            return Evaluate(EvalDataset ?? throw new InvalidOperationException("Evaluate needs a dataset: none was given, and this trainer was made without an evalDataset."), metricKeyPrefix);
        return new LogRecord(sets.SelectMany(set => Evaluate(set.Value, $"{metricKeyPrefix}_{set.Key}")).DistinctBy(m => m.Key));
    }

    /// <summary>Loss and metrics of a dataset, which are logged too.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="metricKeyPrefix">What the names of metrics begin with.</param>
    public IReadOnlyDictionary<string, double> Evaluate(Dataset dataset, string metricKeyPrefix = "eval")
    {
        ArgumentNullException.ThrowIfNull(dataset);
        // Nothing is kept of predictions that no metric looks at.
        using var output = Loop(dataset, metricKeyPrefix, lossOnly: Args.PredictionLossOnly || (Args.BatchEvalMetrics ? ComputeBatchMetrics is null : ComputeMetrics is null), keep: !Args.BatchEvalMetrics);
        var metrics = new LogRecord(output.Metrics);
        Log(metrics);
        Control.ShouldEvaluate = false;
        Notify(c => c.OnEvaluate(_context, metrics));
        return metrics;
    }

    /// <summary>Logits, labels and metrics of a dataset, in its order. Nothing is logged.</summary>
    /// <param name="dataset">The examples, with or without labels.</param>
    /// <param name="metricKeyPrefix">What the names of metrics begin with.</param>
    public PredictionOutput Predict(Dataset dataset, string metricKeyPrefix = "test")
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var output = Loop(dataset, metricKeyPrefix, lossOnly: Args.PredictionLossOnly, keep: true);
        Notify(c => c.OnPredict(_context, output.Metrics));
        return output;
    }

    /// <summary>The output of the model for one batch, without gradients; its loss is there if the batch has all labels.</summary>
    protected virtual ModelOutput PredictionStep(Batch batch)
    {
        if (LabelNames.Count == 0 || !LabelNames.All(batch.ContainsKey))
            return Model.call(batch).WithLoss(null);
        var (loss, output) = ComputeLoss(batch);
        return output.WithLoss(loss);
    }

    private IReadOnlyList<string> LabelNames => Args.LabelNames ?? (Model as PretrainedModel)?.LabelNames ?? [Batch.Labels];

    private PredictionOutput Loop(Dataset dataset, string prefix, bool lossOnly, bool keep)
    {
        using var evaluating = TrainerTelemetry.Evaluate.Start(State.GlobalStep);
        try
        {
            var output = LoopOnce(dataset, prefix, lossOnly, keep);
            evaluating.Done();
            return output;
        }
        catch when (_run is null)
        {
            RestoreConsole();
            throw;
        }
    }

    private PredictionOutput LoopOnce(Dataset dataset, string prefix, bool lossOnly, bool keep)
    {
        var loader = GetEvalDataLoader(dataset);
        if (loader.Count == 0)
            throw new ArgumentException(dataset.KnownCount == 0
                ? "There is nothing to evaluate: the dataset is empty."
                : $"There is nothing to evaluate: the dataset's {dataset.KnownCount} examples make no batch of {loader.BatchSize}, and TrainingArguments.DataloaderDropLast leaves the rest out.", nameof(dataset));
        // Within training the stream in use goes on; by itself, evaluation continues the trainer's own.
        using var random = _run is null ? _random.Use() : null;
        var clock = Stopwatch.StartNew();
        Model.to(Device);
        if (Optimizer is null)
            _preparationTime ??= Math.Round(clock.Elapsed.TotalSeconds, 4);
        Model.eval();
        // Within training the model is as training has it.
        using var cast = _run is null ? CastWeights.ForEvaluation(Args, Model) : null;
        using var casting = _run is null ? Precision.Attach(Model) : null;
        clock.Restart();
        using var scope = NewDisposeScope();
        using var pass = new EvaluationPass(Args, lossOnly, keep);
        PredictionSteps = loader.Count;
        RunPass(loader, pass);
        var all = pass.Join();
        if (all is { LabelIds: not null } && ComputeMetrics is { } compute && !Args.BatchEvalMetrics)
            Named("The metrics function", () => pass.Metrics = compute(all));
        var metrics = new LogRecord();
        if (pass.Loss is { } loss)
            metrics[$"{prefix}_loss"] = loss;
        if (_preparationTime is { } preparation)
            metrics[$"{prefix}_model_preparation_time"] = preparation;
        foreach (var (name, metric) in pass.Metrics)
            metrics[name.StartsWith(prefix + "_", StringComparison.Ordinal) ? name : $"{prefix}_{name}"] = metric;
        var count = dataset.KnownCount ?? pass.Examples;
        foreach (var (name, speed) in SpeedMetrics.Of(prefix, clock.Elapsed, count, Math.Ceiling(count / (double)loader.BatchSize)))
            metrics[name] = speed;
        return new PredictionOutput([.. (all?.AllPredictions ?? []).Select(p => p.MoveToOuterDisposeScope())], [.. (all?.AllLabelIds ?? []).Select(l => l.MoveToOuterDisposeScope())], metrics);
    }

    private void RunPass(DataLoader loader, EvaluationPass pass)
    {
        using var noGrad = no_grad();
        using var batches = loader.Epoch(0, cancellation: Interruption).GetEnumerator();
        for (var more = batches.MoveNext(); more;)
        {
            using var scope = NewDisposeScope();
            // The original computes on padding too, and its predictions hold what comes of it.
            using var batch = OnDevice(Counted(batches.Current), packed: Args.RandomStream == RandomStream.Fast);
            batch.LabelCount = batch.OwnLabelCount > 0 ? batch.OwnLabelCount : null;
            var output = PredictionStep(batch).Widened();
            var labels = output.Loss is null ? [] : LabelNames.Select(batch.Get).ToArray();
            if (PreprocessLogitsForMetrics is { } preprocess && !pass.LossOnly)
                output = output.WithLogits(preprocess(output.Logits, labels.FirstOrDefault()));
            var prediction = pass.Add(batch, output, labels);
            more = batches.MoveNext();
            if (prediction is not null && Args.BatchEvalMetrics && ComputeBatchMetrics is { } compute)
                Named("The metrics function", () => pass.Metrics = compute(prediction, !more));
            Notify(c => c.OnPredictionStep(_context));
            Interruption.ThrowIfCancellationRequested();
        }
    }
}
