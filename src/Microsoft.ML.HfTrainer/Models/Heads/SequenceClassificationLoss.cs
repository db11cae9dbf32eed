using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>The loss of a sequence-classification head, by problem type.</summary>
internal static class SequenceClassificationLoss
{
    /// <summary>Returns the output for logits <c>[batch, labels]</c>, with a loss if the batch has labels. They decide an undecided problem type, which is kept in the configuration.</summary>
    public static ModelOutput Output(PretrainedConfig config, Tensor logits, Batch batch)
    {
        if (batch.Find(Batch.Labels) is not { } labels)
            return new ModelOutput { Logits = logits };
        var problem = config.ProblemType ?? Decide(logits.shape[^1], labels);
        Check(problem, logits, batch);
        if (config.ProblemType is null)
            config.ProblemType = problem;
        using var scope = NewDisposeScope();
        var loss = problem switch
        {
            ProblemType.Regression => nn.functional.mse_loss(logits.squeeze(), labels.to(logits.dtype).squeeze()),
            ProblemType.MultiLabelClassification => nn.functional.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype)),
            _ => nn.functional.cross_entropy(logits.view(-1, logits.shape[^1]), labels.view(-1)),
        };
        return new ModelOutput { Logits = logits, Loss = loss.MoveToOuterDisposeScope() };
    }

    private static void Check(ProblemType problem, Tensor logits, Batch batch)
    {
        if (problem == ProblemType.Regression)
            BatchCheck.Targets(batch, logits);
        else if (problem == ProblemType.MultiLabelClassification)
            BatchCheck.Decisions(batch, logits);
        else
            BatchCheck.Classes(batch, logits);
    }

    private static ProblemType Decide(long labelCount, Tensor labels) =>
        labelCount == 1 ? ProblemType.Regression : labels.is_floating_point() ? ProblemType.MultiLabelClassification : ProblemType.SingleLabelClassification;
}
