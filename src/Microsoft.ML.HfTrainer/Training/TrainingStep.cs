using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Training.Losses;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

// What a micro-batch does: its loss, the scale of its gradient, and what is counted of it.
public partial class Trainer
{
    private long? _matrixParameters;

    /// <summary>Whether the loss of an overridden <see cref="ComputeLoss"/> is averaged over the whole update already (true), or over its micro-batch (false); null: as the model says.</summary>
    protected virtual bool? LossIsScaled => null;

    // The loss in place of the model's own, if there is one.
    private LossFunction? OwnLoss => ComputeLossFunc ?? (SmoothsLabels ? LabelSmoothing.Of(Args.LabelSmoothingFactor, Model is PretrainedModel { ShiftsLabels: true }) : null);

    // A label that is one of several says nothing of the other classes to smooth.
    private bool SmoothsLabels => Args.LabelSmoothingFactor > 0 && (Model as PretrainedModel)?.Config.ProblemType is not ProblemType.MultiLabelClassification;

    /// <summary>Forward and backward of one micro-batch.</summary>
    /// <param name="batch">The micro-batch, on the device.</param>
    /// <param name="groupSize">Micro-batches of this update.</param>
    /// <returns>The loss as it went into the gradient.</returns>
    protected virtual double TrainingStep(Batch batch, int groupSize)
    {
        // Labels that are all left out have no mean; of an update that has others, this micro-batch is no part.
        if (Args.LossNormalization == LossNormalization.Update && batch is { OwnLabelCount: 0, LabelCount: > 0 })
            return 0;
        using var scope = NewDisposeScope();
        var (loss, output) = ComputeLoss(batch);
        var scaled = loss * LossScale(output, batch, groupSize);
        _mode!.Backward(scaled);
        return scaled.item<float>();
    }

    /// <summary>The loss of a micro-batch, and the model's output.</summary>
    /// <remarks>An override that averages over something else than the labels of its micro-batch says so by <see cref="LossIsScaled"/>.</remarks>
    protected virtual (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
    {
        if (OwnLoss is not { } lossFunction || !batch.Remove(Batch.Labels, out var labels))
        {
            var own = Model.call(batch);
            return (own.Loss ?? throw new InvalidOperationException($"The model gave no loss; its batch has {string.Join(", ", batch.Keys)}, and a loss needs {(LabelNames.Count > 0 ? string.Join(" and ", LabelNames.Select(n => $"'{n}'")) : "a head")}."), own);
        }
        ModelOutput output;
        try
        {
            output = Model.call(batch);
        }
        finally
        {
            batch[Batch.Labels] = labels;
        }
        return (lossFunction(output, batch, batch.LabelCount), output);
    }

    private double LossScale(ModelOutput output, Batch batch, int groupSize)
    {
        if (LossIsScaled is { } isScaled)
            return isScaled ? 1 : 1.0 / groupSize;
        if (ComputeLossFunc is not null)
            return 1;
        return (SmoothsLabels && batch.ContainsKey(Batch.Labels) ? LossReduction.SumOverLabelCount : output.LossReduction, Args.LossNormalization, batch.LabelCount) switch
        {
            (_, _, null) => 1.0 / groupSize,
            (LossReduction.SumOverLabelCount, _, _) => 1,
            // The original's models leave the count aside, and its loop trusts them not to.
            (_, LossNormalization.Original, _) => Model is PretrainedModel ? 1 : 1.0 / groupSize,
            (_, _, { } count) => batch.OwnLabelCount / (double)count,
        };
    }

    // The label that a text begins with is in no loss where each token is to tell the next one. The original leaves it out of the count only where the name of
    // the model's class says what it does, and so not for GPT-2.
    private Batch Counted(Batch batch)
    {
        if (Model is PretrainedModel { ShiftsLabels: true } model && batch.Find(Batch.Labels) is { } labels
            && (Args.LossNormalization == LossNormalization.Update || model.ClassName.EndsWith("ForCausalLM", StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            batch.OwnLabelCount = labels.narrow(1, 1, labels.shape[1] - 1).ne(Batch.IgnoredLabel).sum().item<long>();
        }
        return batch;
    }

    private double ClipGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var gradients = Model.parameters().Select(p => p.grad).OfType<Tensor>().ToArray();
        return gradients.Length == 0 ? 0 : TorchScript.ClipGradNorm(gradients, Args.MaxGradNorm).item<float>();
    }

    private Batch OnDevice(Batch batch, bool packed)
    {
        var moved = batch.To(Device);
        moved.Packed = packed;
        return moved;
    }

    // Six operations for each parameter outside the embeddings and each token, as the original estimates.
    private double FloatingPointOperations(Batch batch) => batch.Find("input_ids") is { } ids ? 6.0 * ids.numel() * (_matrixParameters ??= CountMatrixParameters()) : 0;

    private long CountMatrixParameters()
    {
        var tables = Model.named_modules().Where(m => m.module is Models.Layers.Embedding or TorchSharp.Modules.Embedding).Sum(m => m.module.parameters().Sum(p => p.numel()));
        return Model.parameters().Sum(p => p.numel()) - tables;
    }

    private long CountTokens(Batch batch)
    {
        if (Args.IncludeNumInputTokensSeen == InputTokensSeen.No || batch.Find("input_ids") is not { } ids)
            return 0;
        if (Args.IncludeNumInputTokensSeen == InputTokensSeen.All)
            return ids.numel();
        using var scope = NewDisposeScope();
        return batch.Find("attention_mask") is { } mask ? mask.sum().item<long>()
            : Tokenizer?.PadTokenId is { } padding ? ids.ne(padding).sum().item<long>()
            : ids.numel();
    }
}
