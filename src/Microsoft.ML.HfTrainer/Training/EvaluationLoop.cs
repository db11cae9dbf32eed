using System.Diagnostics;
using Microsoft.ML.HfTrainer.Data.Sampling;
using Microsoft.ML.HfTrainer.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The functions of the user that an evaluation calls.</summary>
/// <param name="Metrics">Computes metrics from all predictions; null if there are none.</param>
/// <param name="BatchMetrics">Accumulates metrics batch by batch; null if there are none.</param>
/// <param name="Preprocess">Transforms the logits of a batch, given its labels; null to keep them.</param>
internal sealed record EvaluationFunctions(
    Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Metrics,
    Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>>? BatchMetrics,
    Func<Tensor, Tensor?, Tensor>? Preprocess);

/// <summary>Evaluation and prediction: one pass over a dataset, and the metrics of its outputs.</summary>
/// <param name="context">What the run works with.</param>
/// <param name="functions">The functions of the user.</param>
internal sealed class EvaluationLoop(RunContext context, EvaluationFunctions functions)
{
    private readonly LabelCounter _labels = new(context.Args, context.Source.Description, context.Communicator);

    /// <summary>Runs the model over a dataset.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="prefix">The prefix of the names of the metrics.</param>
    /// <param name="lossOnly">true to compute neither predictions nor metrics from them.</param>
    /// <param name="keep">true to return the predictions of all batches.</param>
    /// <exception cref="ArgumentException">The dataset gives no batch.</exception>
    public PredictionOutput Run(Dataset dataset, string prefix, bool lossOnly, bool keep)
    {
        using var evaluating = TrainerTelemetry.Evaluate.Start(context.State.GlobalStep);
        var loader = context.Hooks.GetEvalDataLoader(dataset);
        if (loader.Count == 0)
            throw new ArgumentException(dataset.KnownCount == 0
                ? "There is nothing to evaluate: the dataset is empty."
                : $"There is nothing to evaluate: the dataset's {dataset.KnownCount} examples make no batch of {loader.BatchSize}, and TrainingArguments.DataloaderDropLast leaves the rest out.", nameof(dataset));
        context.Model.eval();
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var pass = new EvaluationPass(context.Args, context.Communicator, lossOnly, keep);
        (context.PredictionSteps, context.PredictsLossOnly) = (loader.Count, lossOnly);
        RunBatches(loader, pass);
        if (pass.Examples == 0)
            throw new ArgumentException("There is nothing to evaluate: the stream has no examples, or fewer than a batch that TrainingArguments.DataloaderDropLast would not leave out.", nameof(dataset));
        var all = pass.Join();
        if (all is { LabelIds: not null } && functions.Metrics is { } compute && !context.Args.BatchEvalMetrics)
            context.CallUserCode("The metrics function", () => pass.Metrics = compute(all with { Dataset = dataset }) ?? throw NoMetrics());
        var metrics = Named(prefix, pass);
        var count = dataset.KnownCount ?? pass.Examples;
        foreach (var (name, speed) in SpeedMetrics.Of(prefix, clock.Elapsed, count, Math.Ceiling(count / ((double)loader.BatchSize * context.Communicator.WorldSize))))
            metrics[name] = speed;
        evaluating.Done();
        return new PredictionOutput([.. (all?.AllPredictions ?? []).Select(p => p.MoveToOuterDisposeScope())], [.. (all?.AllLabelIds ?? []).Select(l => l.MoveToOuterDisposeScope())], metrics);
    }

    private void RunBatches(DataLoader loader, EvaluationPass pass)
    {
        var cancellation = context.Mode.Cancellation;
        using var noGrad = no_grad();
        using var batches = loader.Epoch(0, cancellation: cancellation).GetEnumerator();
        var next = Next(batches);
        var (left, share) = (loader.Dataset.KnownCount ?? long.MaxValue, context.Share(loader.Dataset, evaluates: true));
        try
        {
            while (next is { } batch)
            {
                using var scope = NewDisposeScope();
                using (batch)
                {
                    var counted = Counted(batch, share, loader.BatchSize, left);
                    left -= counted.Joint;
                    var prediction = pass.Add(batch, Predict(batch, pass.LossOnly, out var labels), labels, counted);
                    next = Next(batches);
                    if (prediction is not null && context.Args.BatchEvalMetrics && functions.BatchMetrics is { } compute)
                        context.CallUserCode("The metrics function", () => pass.Metrics = compute(prediction, next is null) ?? throw NoMetrics());
                }
                context.Notify(c => c.OnPredictionStep(context.Events));
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            next?.Dispose();
        }
    }

    private ModelOutput Predict(Batch batch, bool lossOnly, out Tensor[] labels)
    {
        _labels.CountEvaluated(batch);
        var output = context.Hooks.PredictionStep(context.OnDevice(batch)).Widened();
        if (output.Loss is { } loss && context.Loss.EvaluationFactor(batch) is > 1 and var factor)
            output = output.WithLoss(loss * factor);
        labels = output.Loss is null ? [] : [.. context.Loss.LabelNames.Select(batch.Get)];
        if (functions.Preprocess is not { } preprocess || lossOnly)
            return output;
        labels = [.. labels.Select(context.Communicator.PadToWidest)];
        return output.WithLogits(preprocess(context.Communicator.PadToWidest(output.Logits), labels.FirstOrDefault())
            ?? throw new InvalidOperationException($"{nameof(Trainer.PreprocessLogitsForMetrics)} returned null; return a tensor with a row for each example."));
    }

    // Hugging Face repeats the loss of a batch as often as a whole one has examples, and cuts those of all processes off at the end of the dataset. Its Seq2SeqTrainer counts repeated
    // examples, too.
    private CountedExamples Counted(Batch batch, BatchShare? share, int batchSize, long left)
    {
        if (share is null)
            return new CountedExamples(batch.Size, batch.Size, batch.Size);
        if (context.Args is { PredictWithGenerate: true, LossNormalization: LossNormalization.Original })
            return new CountedExamples(batch.Size, (long)batch.Size * share.WorldSize, batch.Size);
        var whole = share.JointSize(batchSize);
        var joint = (int)Math.Min(left, whole);
        var own = share.CountOwn(joint, whole);
        return new CountedExamples(own, joint, context.Args.LossNormalization == LossNormalization.Update ? own : joint < whole ? Math.Clamp(joint - share.Rank * batchSize, 0, batchSize) : batchSize);
    }

    private static Batch? Next(IEnumerator<Batch> batches) => batches.MoveNext() ? batches.Current : null;

    private static InvalidOperationException NoMetrics() => new("it returned null; a function without metrics returns an empty dictionary.");

    private LogRecord Named(string prefix, EvaluationPass pass)
    {
        var metrics = new LogRecord();
        if (pass.MeanLoss() is { } loss)
            metrics[$"{prefix}_loss"] = loss;
        if (context.ModelPreparationTime is { } preparation)
            metrics[$"{prefix}_model_preparation_time"] = preparation;
        foreach (var (name, metric) in pass.Metrics)
            metrics[name.StartsWith(prefix + "_", StringComparison.Ordinal) ? name : $"{prefix}_{name}"] = metric;
        return metrics;
    }
}
