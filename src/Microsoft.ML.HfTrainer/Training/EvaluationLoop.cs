using System.Diagnostics;
using Microsoft.ML.HfTrainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

// Evaluation and prediction: the loop over batches, and what is made of its outputs.
public partial class Trainer
{
    /// <summary>Loss and metrics of a dataset, which are logged too.</summary>
    /// <param name="dataset">The examples; null: the evaluation set.</param>
    /// <param name="metricKeyPrefix">What the names of metrics begin with.</param>
    public IReadOnlyDictionary<string, double> Evaluate(Dataset? dataset = null, string metricKeyPrefix = "eval")
    {
        dataset ??= EvalDataset ?? throw new InvalidOperationException("Evaluate needs a dataset: none was given, and this trainer was made without an evalDataset.");
        using var output = Loop(dataset, metricKeyPrefix);
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
        var output = Loop(dataset, metricKeyPrefix);
        Notify(c => c.OnPredict(_context, output.Metrics));
        return output;
    }

    /// <summary>The output of the model for one batch, without gradients.</summary>
    protected virtual ModelOutput PredictionStep(Batch batch) => Model.call(batch);

    // How long the model was moved to its device, where an evaluation did it and not training.
    private double? _preparationTime;

    private PredictionOutput Loop(Dataset dataset, string prefix)
    {
        if (dataset.Count == 0)
            throw new ArgumentException("There is nothing to evaluate: the dataset is empty.", nameof(dataset));
        var loader = GetEvalDataLoader(dataset);
        if (loader.Count == 0)
            throw new ArgumentException($"There is nothing to evaluate: the dataset's {dataset.Count} examples make no batch of {loader.BatchSize}, and TrainingArguments.DataloaderDropLast leaves the rest out.", nameof(dataset));
        // Within training the stream in use goes on; by itself, evaluation continues the trainer's own.
        using var random = _isTraining ? null : _random.Use();
        var clock = Stopwatch.StartNew();
        Model.to(Device);
        if (Optimizer is null)
            _preparationTime ??= Math.Round(clock.Elapsed.TotalSeconds, 4);
        Model.eval();
        clock.Restart();
        using var scope = NewDisposeScope();
        var (logits, labels, loss) = Run(loader);
        var metrics = new LogRecord();
        if (loss is { } value)
            metrics[$"{prefix}_loss"] = value;
        if (_preparationTime is { } preparation)
            metrics[$"{prefix}_model_preparation_time"] = preparation;
        if (ComputeMetrics is not null && labels is not null)
            foreach (var (name, metric) in ComputeMetrics(new EvalPrediction(logits, labels)))
                metrics[name.StartsWith(prefix + "_", StringComparison.Ordinal) ? name : $"{prefix}_{name}"] = metric;
        foreach (var (name, speed) in SpeedMetrics.Of(prefix, clock.Elapsed, dataset.Count, Math.Ceiling(dataset.Count / (double)loader.BatchSize)))
            metrics[name] = speed;
        return new PredictionOutput(logits.MoveToOuterDisposeScope(), labels?.MoveToOuterDisposeScope(), metrics);
    }

    private (Tensor Logits, Tensor? Labels, double? Loss) Run(DataLoader loader)
    {
        using var noGrad = no_grad();
        var (logits, labels, loss, seen, hasLoss) = (new List<Tensor>(), new List<Tensor>(), 0.0, 0, false);
        foreach (var batch in loader.Epoch(0))
        {
            using var scope = NewDisposeScope();
            using var onDevice = batch.To(Device);
            onDevice.Packed = true;
            var output = PredictionStep(onDevice);
            logits.Add(output.Logits.cpu().to(ScalarType.Float32).MoveToOuterDisposeScope());
            if (onDevice.Find(Batch.Labels) is { } own)
                labels.Add(own.cpu().clone().MoveToOuterDisposeScope());
            hasLoss |= output.Loss is not null;
            if (output.Loss is { } batchLoss && batchLoss.item<float>() is var value && (!Args.LoggingNanInfFilter || float.IsFinite(value)))
                (loss, seen) = (loss + value * (double)onDevice.Size, seen + onDevice.Size);
            Notify(c => c.OnPredictionStep(_context));
            Args.CancellationToken.ThrowIfCancellationRequested();
        }
        return (cat(logits), labels.Count > 0 ? cat(labels) : null, hasLoss ? loss / seen : null);
    }
}
