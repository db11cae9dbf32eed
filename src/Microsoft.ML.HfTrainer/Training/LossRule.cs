using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Training.Losses;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The loss of a trainer, and the weight of a micro-batch's loss in that of its update.</summary>
/// <param name="args">The arguments.</param>
/// <param name="model">The description of the model.</param>
/// <param name="given">The user's loss in place of the model's; null if there is none.</param>
/// <param name="processes">The number of processes, whose contributions are added up.</param>
internal readonly struct LossRule(TrainingArguments args, ITrainableModel model, LossFunction? given, int processes = 1)
{
    /// <summary>Why <see cref="TrainingArguments.LabelSmoothingFactor"/> has no meaning here, as a sentence without its end; null if it has one, or is 0.</summary>
    public string? WhyNotSmoothed => (args.LabelSmoothingFactor > 0, model.ProblemType) switch
    {
        (false, _) => null,
        _ when given is not null => $"{nameof(Trainer.ComputeLossFunc)} computes the loss",
        // The label vector of an example with several labels does not exclude the other classes.
        (_, ProblemType.MultiLabelClassification) => "an example may have several labels, which share no probability",
        (_, ProblemType.Regression) => "the model predicts numbers, not classes",
        _ when LabelNames is { Count: > 0 } names && !names.Contains(Batch.Labels) => $"the labels are {string.Join(" and ", names.Select(n => $"'{n}'"))}, and only '{Batch.Labels}' are smoothed",
        _ => null,
    };

    /// <summary>Computes the loss of a batch: the model's own, or its replacement, for which the model does not see the labels.</summary>
    /// <exception cref="InvalidOperationException">The model returns no loss.</exception>
    public (Tensor Loss, ModelOutput Output) Compute(nn.Module<Batch, ModelOutput> module, Batch batch)
    {
        if (Replacement(batch) is not { } lossFunction)
        {
            var own = module.call(batch);
            return (own.Loss ?? throw new InvalidOperationException(NoLoss(batch)), own);
        }
        var labels = LabelNames.Append(Batch.Labels).Distinct().Where(batch.ContainsKey).Select(name => (Name: name, Tensor: batch[name])).ToList();
        ModelOutput output;
        try
        {
            labels.ForEach(label => batch.Remove(label.Name));
            output = module.call(batch);
        }
        finally
        {
            labels.ForEach(label => batch[label.Name] = label.Tensor);
        }
        var loss = lossFunction(output, batch, batch.LabelCount) ?? throw new InvalidOperationException($"{nameof(Trainer.ComputeLossFunc)} returned null; return the loss, a scalar.");
        return (loss, output);
    }

    /// <summary>The names of the tensors that the loss is computed from.</summary>
    public IReadOnlyList<string> LabelNames => args.LabelNames ?? model.LabelNames;

    /// <summary>Returns what a micro-batch adds to the loss of its update.</summary>
    /// <param name="loss">The loss of the micro-batch.</param>
    /// <param name="output">The output of the model.</param>
    /// <param name="batch">The micro-batch.</param>
    /// <param name="groupSize">The number of micro-batches of the update.</param>
    /// <param name="isAveraged">true if <paramref name="loss"/> is averaged over the update already, false if over its micro-batch; null to follow the model.</param>
    public Tensor Contribution(Tensor loss, ModelOutput output, Batch batch, int groupSize, bool? isAveraged)
    {
        // The mean over no labels is not a number. The sum of the outputs has the same graph, and times 0 its gradients are 0.
        if (args.LossNormalization == LossNormalization.Update && batch is { OwnLabelCount: 0, LabelCount: > 0 } or { LacksLabels: true })
            return (output.Logits.requires_grad ? output.Logits.sum() : loss) * 0;
        return loss * Weight(output, batch, groupSize, isAveraged);
    }

    private double Weight(ModelOutput output, Batch batch, int groupSize, bool? isAveraged)
    {
        var share = IsJoint(batch, isAveraged) ? 1 : 1.0 / processes;
        if (isAveraged is { } averaged)
            return (averaged ? 1 : 1.0 / groupSize) * share;
        // As it leaves the whole averaging to such a loss, the Hugging Face Trainer does so without a label count, too.
        if (given is not null && args.LossNormalization == LossNormalization.Original)
            return share;
        return (Replacement(batch) is not null ? LossReduction.SumOverLabelCount : output.LossReduction, args.LossNormalization, batch.LabelCount) switch
        {
            (_, _, null) => share / groupSize,
            (LossReduction.SumOverLabelCount, _, _) => share,
            // The Hugging Face Trainer leaves the averaging to such models, of which most ignore the label count.
            (_, LossNormalization.Original, _) => model.AcceptsLabelCount ? share : share / groupSize,
            (_, _, { } count) => batch.OwnLabelCount / (double)count,
        };
    }

    /// <summary>By how much Hugging Face multiplies the loss of an evaluated batch: it takes it for a part of the loss of all processes.</summary>
    public int EvaluationFactor(Batch batch) => args.LossNormalization == LossNormalization.Original && IsJoint(batch, null) && !args.PredictWithGenerate ? processes : 1;

    // Whether the losses of all processes add up to that of the update, as they do where they are divided by the labels of all. Else their mean is that of the update. With Hugging
    // Face's averaging they add up too where the label count is known but not used.
    private bool IsJoint(Batch batch, bool? isAveraged) => args.LossNormalization == LossNormalization.Original
        ? args.AverageTokensAcrossDevices && batch.LabelCount is not null && (model.AcceptsLabelCount || given is not null)
        : isAveraged ?? batch.LabelCount is not null;

    private LossFunction? Replacement(Batch batch) => given
        ?? (args.LabelSmoothingFactor > 0 && WhyNotSmoothed is null && batch.ContainsKey(Batch.Labels) ? LabelSmoothing.Of(args.LabelSmoothingFactor, model.ShiftsLabels) : null);

    private string NoLoss(Batch batch)
    {
        var names = LabelNames;
        return $"The model gave no loss; its batch has {string.Join(", ", batch.Keys)}, and a loss needs {(names.Count > 0 ? string.Join(" and ", names.Select(n => $"'{n}'")) : "a head")}.{string.Concat(names.Where(n => !batch.ContainsKey(n)).Select(n => NamedChoice.Suggestion(n, batch.Keys)))}";
    }
}
