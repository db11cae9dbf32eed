using Microsoft.ML.HfTrainer.Metrics.Retrieval;
using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.Sentences;

/// <summary>Metrics of embeddings under their names in sentence-transformers.</summary>
internal static class SentenceMetrics
{
    private const int QueriesAtOnce = 256;

    /// <summary>Returns the metrics of a loss on examples of so many texts; null if there are none but the loss.</summary>
    public static Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Of(SentenceLoss loss, int texts) => (loss.Labels, texts) switch
    {
        (SentenceLabels.Score or SentenceLabels.Binary, 2) => OfPairs,
        (SentenceLabels.None, 2) => OfSearch,
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

    // Each first text is a query, and its own second text is to be found among all second texts, of which the same ones count once.
    private static Dictionary<string, double> OfSearch(EvalPrediction prediction)
    {
        using var scope = NewDisposeScope();
        var texts = Texts(prediction);
        var (places, firsts) = Distinct(prediction.Dataset, (int)texts[1].shape[0]);
        var corpus = texts[1].index_select(0, tensor(firsts));
        var ranks = new List<long>(places.Length);
        foreach (var own in places.Chunk(QueriesAtOnce))
        {
            using var block = NewDisposeScope();
            var scores = VectorDistances.CosineMatrix(texts[0].narrow(0, ranks.Count, own.Length), corpus);
            var right = tensor(own).unsqueeze(1);
            var score = scores.gather(1, right);
            // Of equal ones, as of a model that has collapsed, the first one comes first; where scores are not numbers, nothing is found.
            var before = scores.greater(score).logical_or(scores.eq(score).logical_and(arange(firsts.Length).unsqueeze(0).less(right)));
            ranks.AddRange(before.sum(1, type: ScalarType.Int64).add(1).masked_fill(score.isnan().squeeze(1), long.MaxValue).data<long>().ToArray());
        }
        return RetrievalRanks.Measures(ranks, "cosine_");
    }

    // The place of the second text of each row among those that differ, and the row in which each of these comes first.
    private static (long[] Places, long[] Firsts) Distinct(Dataset? dataset, int rows)
    {
        var (known, firsts, places) = (new Dictionary<string, long>(), new List<long>(), new long[rows]);
        for (var i = 0; i < rows; i++)
        {
            var text = dataset is null ? $"{i}" : string.Join(' ', dataset[i]["input_ids"][1].Integers.ToArray());
            if (known.TryAdd(text, firsts.Count))
                firsts.Add(i);
            places[i] = known[text];
        }
        return (places, [.. firsts]);
    }

    private static IReadOnlyList<Tensor> Texts(EvalPrediction prediction) => SentenceLoss.Split(prediction.Predictions, prediction.LabelIds!.shape[0]);
}
