using Microsoft.ML.HfTrainer.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>How many examples of a batch count: those that are not repeated ones.</summary>
/// <param name="Own">Those of this process, from the first on.</param>
/// <param name="Joint">Those of all processes.</param>
/// <param name="Weight">The weight of the loss of the batch, in examples.</param>
internal readonly record struct CountedExamples(int Own, long Joint, int Weight);

/// <summary>Collects the losses, predictions and labels of one pass over a dataset.</summary>
/// <param name="args">The arguments, which select what metrics receive.</param>
/// <param name="communicator">The processes, whose outputs are collected.</param>
/// <param name="lossOnly">true to collect neither predictions nor labels.</param>
/// <param name="keep">true to keep them until the end of the pass.</param>
internal sealed class EvaluationPass(TrainingArguments args, ICommunicator communicator, bool lossOnly, bool keep) : IDisposable
{
    private readonly PredictionStore _predictions = new(), _labels = new(), _inputs = new(), _losses = new();
    private readonly List<EvalPrediction> _batches = [];

    // The Seq2SeqTrainer of Hugging Face counts the last batch of an evaluation in full, however few examples it has.
    private readonly bool _countsBatches = args is { PredictWithGenerate: true, LossNormalization: LossNormalization.Original };
    private double _sum, _weight;
    private bool _hasLoss;

    /// <summary>Indicates whether only the loss is collected.</summary>
    public bool LossOnly { get; } = lossOnly;

    /// <summary>The number of examples so far.</summary>
    public long Examples { get; private set; }

    /// <summary>Returns the mean loss over all processes; null if there were no labels.</summary>
    public double? MeanLoss()
    {
        if (!_hasLoss)
            return null;
        using var parts = tensor([_sum, _weight]);
        communicator.AllReduce([parts], ReduceOperation.Sum);
        return parts[0].item<double>() / parts[1].item<double>();
    }

    /// <summary>The metrics of this pass.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; set; } = new LogRecord();

    /// <summary>Adds the outputs of a batch, and returns them as metrics receive them; null if only the loss is collected.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="output">The output of the model.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="counted">How many of its examples count.</param>
    public EvalPrediction? Add(Batch batch, ModelOutput output, IReadOnlyList<Tensor> labels, CountedExamples counted)
    {
        var isFirst = Examples == 0;
        Examples += counted.Joint;
        if (output.Loss is { } loss)
            AddLoss(loss.item<float>(), batch, counted.Weight);
        if (LossOnly)
            return null;
        var prediction = new EvalPrediction(All(output.Logits), labels.Count > 0 ? All(labels[0]) : null)
        {
            IsFirstBatch = isFirst,
            Inputs = args.IncludeForMetrics.Contains("inputs") && batch.Find("input_ids") is { } ids ? All(ids) : null,
            Losses = args.IncludeForMetrics.Contains("loss") && output.Loss is { } mean ? All(mean.view(1).repeat(batch.Size)) : null,
        };
        prediction = prediction with
        {
            AllPredictions = [prediction.Predictions, .. output.Others.Values.Select(All)],
            AllLabelIds = prediction.LabelIds is null ? [] : [prediction.LabelIds, .. labels.Skip(1).Select(All)],
        };
        if (keep)
            Keep(prediction);
        return prediction;

        Tensor All(Tensor rows) => communicator.GatherRows(OnCpu(rows), counted.Own);
    }

    /// <summary>Concatenates the predictions and labels that were kept; returns null if there are none.</summary>
    public EvalPrediction? Join()
    {
        var (predictions, labels) = (_predictions.Join(), _labels.Join());
        return predictions.Count == 0 ? null : new EvalPrediction(predictions[0], labels.Count > 0 ? labels[0] : null)
        {
            AllPredictions = predictions,
            AllLabelIds = labels,
            Inputs = _inputs.Join().FirstOrDefault(),
            Losses = _losses.Join().FirstOrDefault(),
            Batches = _batches,
        };
    }

    public void Dispose()
    {
        foreach (var store in new[] { _predictions, _labels, _inputs, _losses })
            store.Dispose();
    }

    private void AddLoss(float loss, Batch batch, int examples)
    {
        _hasLoss = true;
        if (examples == 0)
            return;
        // The mean over no labels is not a number, and adds nothing to the mean over all labels.
        if (args.EvalLossPerLabel && batch.OwnLabelCount == 0 && batch.ContainsKey(Batch.Labels) && float.IsNaN(loss))
            return;
        var weight = args.EvalLossPerLabel && batch.OwnLabelCount > 0 ? batch.OwnLabelCount : _countsBatches ? 1 : examples;
        (_sum, _weight) = (_sum + loss * (double)weight, _weight + weight);
    }

    private void Keep(EvalPrediction prediction)
    {
        if (!args.EvalDoConcatBatches)
            _batches.Add(prediction);
        _predictions.Add(prediction.AllPredictions);
        _labels.Add(prediction.AllLabelIds);
        _inputs.Add(prediction.Inputs is { } inputs ? [inputs] : []);
        _losses.Add(prediction.Losses is { } losses ? [losses] : []);
    }

    // A copy on the CPU; floating-point numbers as float32.
    private static Tensor OnCpu(Tensor tensor)
    {
        var cpu = tensor.detach().cpu();
        return cpu.is_floating_point() ? cpu.to(ScalarType.Float32, copy: true) : cpu.clone();
    }
}
