using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.Sentences;

/// <summary>Metrics of embeddings under their names in sentence-transformers.</summary>
internal static class SentenceMetrics
{
    /// <summary>Returns the metrics of a loss on examples of so many texts; null if there are none but the loss.</summary>
    public static Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Of(SentenceLoss loss, int texts) => (loss.Labels, texts) switch
    {
        (SentenceLabels.Score or SentenceLabels.Binary, 2) => OfPairs,
        (SentenceLabels.None, >= 3) => OfTriplets,
        _ => null,
    };

    // How far cosines and scores have the same order, and how far they are proportional.
    private static Dictionary<string, double> OfPairs(EvalPrediction prediction)
    {
        using var scope = NewDisposeScope();
        var texts = Texts(prediction);
        var pairs = new EvalPrediction(VectorDistances.Cosine(texts[0], texts[1]), prediction.LabelIds!.to(ScalarType.Float32));
        var (pearson, spearman) = (new PearsonMetric(), new SpearmanMetric());
        return new() { ["pearson_cosine"] = pearson.Of(pairs)[pearson.Name], ["spearman_cosine"] = spearman.Of(pairs)[spearman.Name] };
    }

    // The share of texts that are nearer to their second text than to their third.
    private static Dictionary<string, double> OfTriplets(EvalPrediction prediction)
    {
        using var scope = NewDisposeScope();
        var texts = Texts(prediction);
        var right = VectorDistances.Cosine(texts[0], texts[1]).greater(VectorDistances.Cosine(texts[0], texts[2]));
        return new() { ["cosine_accuracy"] = right.to(ScalarType.Float64).mean().item<double>() };
    }

    private static IReadOnlyList<Tensor> Texts(EvalPrediction prediction) => SentenceLoss.Split(prediction.Predictions, prediction.LabelIds!.shape[0]);
}
