using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Training.Losses;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The loss of a trainer, and the weight of a micro-batch's loss in that of its update.</summary>
/// <param name="args">The arguments.</param>
/// <param name="model">The description of the model.</param>
/// <param name="given">The user's loss in place of the model's; null if there is none.</param>
internal readonly struct LossRule(TrainingArguments args, ITrainableModel model, LossFunction? given)
{
    // The label vector of an example with several labels does not exclude the other classes, so there is nothing to smooth.
    private bool SmoothsLabels => args.LabelSmoothingFactor > 0 && model.ProblemType is not ProblemType.MultiLabelClassification;

    private LossFunction? Replacement => given ?? (SmoothsLabels ? LabelSmoothing.Of(args.LabelSmoothingFactor, model.ShiftsLabels) : null);

    /// <summary>Computes the loss of a batch: the model's own, or its replacement, for which the model does not see the labels.</summary>
    /// <exception cref="InvalidOperationException">The model returns no loss.</exception>
    public (Tensor Loss, ModelOutput Output) Compute(nn.Module<Batch, ModelOutput> module, Batch batch)
    {
        if (Replacement is not { } lossFunction || !batch.Remove(Batch.Labels, out var labels))
        {
            var own = module.call(batch);
            return (own.Loss ?? throw new InvalidOperationException(NoLoss(batch)), own);
        }
        ModelOutput output;
        try
        {
            output = module.call(batch);
        }
        finally
        {
            batch[Batch.Labels] = labels;
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
        if (args.LossNormalization == LossNormalization.Update && batch is { OwnLabelCount: 0, LabelCount: > 0 })
            return (output.Logits.requires_grad ? output.Logits.sum() : loss) * 0;
        return loss * Weight(output, batch, groupSize, isAveraged);
    }

    private double Weight(ModelOutput output, Batch batch, int groupSize, bool? isAveraged)
    {
        if (isAveraged is { } averaged)
            return averaged ? 1 : 1.0 / groupSize;
        if (given is not null)
            return 1;
        return (SmoothsLabels && batch.ContainsKey(Batch.Labels) ? LossReduction.SumOverLabelCount : output.LossReduction, args.LossNormalization, batch.LabelCount) switch
        {
            (_, _, null) => 1.0 / groupSize,
            (LossReduction.SumOverLabelCount, _, _) => 1,
            // The Hugging Face Trainer leaves the averaging to such models, of which most ignore the label count.
            (_, LossNormalization.Original, _) => model.AcceptsLabelCount ? 1 : 1.0 / groupSize,
            (_, _, { } count) => batch.OwnLabelCount / (double)count,
        };
    }

    private string NoLoss(Batch batch)
    {
        var names = LabelNames;
        return $"The model gave no loss; its batch has {string.Join(", ", batch.Keys)}, and a loss needs {(names.Count > 0 ? string.Join(" and ", names.Select(n => $"'{n}'")) : "a head")}.{string.Concat(names.Where(n => !batch.ContainsKey(n)).Select(n => NamedChoice.Suggestion(n, batch.Keys)))}";
    }
}
