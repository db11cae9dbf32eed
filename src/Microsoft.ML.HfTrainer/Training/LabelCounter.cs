using Microsoft.ML.HfTrainer.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Counts the labels that losses are averaged over.</summary>
internal sealed class LabelCounter(TrainingArguments args, ITrainableModel model, ICommunicator communicator)
{
    // Hugging Face leaves the first label of a sequence out of the count only if the class name of the model says that it shifts the labels, which GPT-2's does not.
    private readonly bool _skipsFirst = model.ShiftsLabels
        && (args.LossNormalization == LossNormalization.Update || model.ClassName.EndsWith("ForCausalLM", StringComparison.Ordinal));

    /// <summary>Sets the label count of a batch. Collators count all labels; a causal language model does not predict the first one.</summary>
    public void CountOwn(Batch batch)
    {
        if (_skipsFirst && CountPredicted(batch) is { } count)
            batch.OwnLabelCount = count;
    }

    /// <summary>Sets the label counts of the micro-batches of an update, over all processes.</summary>
    public void CountUpdate(IReadOnlyCollection<Batch> group)
    {
        foreach (var batch in group)
            CountOwn(batch);
        // Where collators count no labels, since they have other names, such as the start and end positions of an answer, each example counts as one.
        if (args.LossNormalization == LossNormalization.Update && group.All(batch => batch.OwnLabelCount == 0 && !batch.ContainsKey(Batch.Labels)))
            foreach (var batch in group)
                batch.OwnLabelCount = batch.Size;
        var labels = Joint(group.Sum(b => b.OwnLabelCount));
        foreach (var batch in group)
            batch.LabelCount = labels > 0 ? labels : null;
        // Collators may not count, so that only the labels themselves show that all are left out.
        if (args.LossNormalization == LossNormalization.Update && labels == 0)
            foreach (var batch in group)
                batch.LacksLabels = CountPredicted(batch) == 0;
    }

    /// <summary>Sets the label count of a batch that is evaluated, by itself or, as Hugging Face averages it, with those of the other processes.</summary>
    public void CountEvaluated(Batch batch)
    {
        CountOwn(batch);
        var labels = args.LossNormalization == LossNormalization.Original ? Joint(batch.OwnLabelCount) : batch.OwnLabelCount;
        batch.LabelCount = labels > 0 ? labels : null;
    }

    private long Joint(long labels) =>
        args is { LossNormalization: LossNormalization.Original, AverageTokensAcrossDevices: false } ? labels : communicator.AllReduce(labels, ReduceOperation.Sum);

    // Null without labels. Those of another shape are refused when the loss is computed.
    private long? CountPredicted(Batch batch)
    {
        if (batch.Find(Batch.Labels) is not { } labels)
            return null;
        using var scope = NewDisposeScope();
        var predicted = _skipsFirst && labels.dim() == 2 && labels.shape[1] > 0 ? labels.narrow(1, 1, labels.shape[1] - 1) : labels;
        return predicted.ne(Batch.IgnoredLabel).sum().item<long>();
    }
}
