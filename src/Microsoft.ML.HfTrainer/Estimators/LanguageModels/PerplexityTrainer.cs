using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>
/// A trainer whose evaluations report <c>perplexity</c>, the exponential of the mean loss of all predicted tokens. Of each batch it keeps two numbers in place of logits, of which there
/// are as many for each token as the vocabulary has.
/// </summary>
internal sealed class PerplexityTrainer : TaskTrainer
{
    private PerplexityTrainer(TrainerParts parts, HfTrainerOptions options) : base(parts with { ComputeMetrics = new LossSums().ToComputeMetrics() }, options) =>
        ComputeBatchMetrics = new LossSums().ToBatchMetrics();

    /// <summary>Creates the trainer, or one that gives logits if the options have metrics of their own.</summary>
    public static Trainer Of(TrainerParts parts, HfTrainerOptions options) => parts.ComputeMetrics is null ? new PerplexityTrainer(parts, options) : new TaskTrainer(parts, options);

    protected override ModelOutput PredictionStep(Batch batch)
    {
        if (PredictsLossOnly)
            return base.PredictionStep(batch);
        using var scope = NewDisposeScope();
        var output = base.PredictionStep(batch);
        if (output.Loss is not { } loss)
            return output.MoveToOuterDisposeScope();
        // The mean over no labels is not a number.
        var count = batch.LabelCount ?? 0;
        var sums = zeros(batch.Size, 2, ScalarType.Float32, loss.device);
        if (count > 0)
            sums[0] = stack([loss.to(ScalarType.Float32) * count, ones_like(loss, ScalarType.Float32) * count]);
        return new ModelOutput { Logits = sums, Loss = loss }.MoveToOuterDisposeScope();
    }

    /// <summary>Adds the sum of the losses of tokens, and their number, of each batch.</summary>
    private sealed class LossSums : IEvalMetric
    {
        private double _loss, _count;

        public string Name => "perplexity";

        public void Add(EvalPrediction batch)
        {
            using var scope = NewDisposeScope();
            var sums = batch.Predictions.to(ScalarType.Float64).sum([0L]).data<double>().ToArray();
            (_loss, _count) = (_loss + sums[0], _count + sums[1]);
        }

        public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { [Name] = Math.Exp(_loss / _count) };

        public void Reset() => (_loss, _count) = (0, 0);
    }
}
