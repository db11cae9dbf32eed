namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The metrics that golden runs name, computed with plain means.</summary>
internal static class RunMetrics
{
    private static readonly Dictionary<string, Func<EvalPrediction, IReadOnlyDictionary<string, double>>> All = new()
    {
        ["accuracy_f1"] = AccuracyAndF1,
        ["mse_mae"] = Errors,
        ["multilabel"] = MultiLabel,
        ["argmax_accuracy"] = OfClasses,
        ["with_inputs"] = WithInputs,
        ["bleu"] = Bleu,
        ["generated"] = Generated,
        ["masked_accuracy"] = MaskedAccuracy,
    };

    /// <summary>The metric of a name, over all predictions or batch by batch, for a model with these labels; the row is skipped where it is not here.</summary>
    public static (Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Whole, Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>>? Batches) Get(string name, IReadOnlyList<string> labels)
    {
        if (name == "seqeval")
            return (new SeqEvalMetric(labels).ToComputeMetrics(), null);
        if (name == "batch_accuracy")
            return (null, BatchAccuracy());
        if (!All.TryGetValue(name, out var metric))
            GoldenFolder.Skip($"metric '{name}' of a run");
        return (All[name], null);
    }

    private static Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>> BatchAccuracy()
    {
        var (right, count) = (0, 0);
        return (prediction, isLast) =>
        {
            var (predicted, labels) = (prediction.PredictedClasses(), prediction.LabelClasses());
            (right, count) = (right + predicted.Zip(labels).Count(p => p.First == p.Second), count + labels.Length);
            if (!isLast)
                return new Dictionary<string, double>();
            var result = new Dictionary<string, double> { ["accuracy"] = right / (double)count, ["count"] = count };
            (right, count) = (0, 0);
            return result;
        };
    }

    // Ids 0 and 1 are padding and end; each other one is a word.
    private static Dictionary<string, double> Bleu(EvalPrediction prediction)
    {
        var (predicted, labels) = (Rows(prediction.Predictions), Rows(prediction.LabelIds!));
        var metric = new BleuMetric { Tokenizer = BleuTokenizer.None };
        foreach (var (text, reference) in predicted.Zip(labels))
            metric.Add(Text(text), Text(reference));
        return new()
        {
            ["bleu"] = metric.Score().Score,
            ["gen_len"] = predicted.Average(row => (double)row.Count(id => id > 0)),
            ["exact"] = predicted.Zip(labels).Average(pair => Text(pair.First) == Text(pair.Second) ? 1.0 : 0),
        };

        static List<float[]> Rows(TorchSharp.torch.Tensor ids) => [.. GoldenTensor.Of(ids).Values.Chunk((int)ids.shape[1])];

        static string Text(float[] ids) => string.Join(' ', ids.Where(id => id > 1).Select(id => $"w{id}"));
    }

    // Ids 0 and 1 are padding and end.
    private static Dictionary<string, double> Generated(EvalPrediction prediction)
    {
        static List<float[]> Rows(TorchSharp.torch.Tensor ids) => [.. GoldenTensor.Of(ids).Values.Chunk((int)ids.shape[1])];
        var (predicted, labels) = (Rows(prediction.Predictions), Rows(prediction.LabelIds!));
        return new()
        {
            ["gen_len"] = predicted.Average(row => (double)row.Count(id => id != 0)),
            ["exact"] = predicted.Zip(labels).Average(pair => pair.First.Where(id => id > 1).SequenceEqual(pair.Second.Where(id => id > 1)) ? 1.0 : 0),
            ["width"] = prediction.Predictions.shape[1],
        };
    }

    private static Dictionary<string, double> MaskedAccuracy(EvalPrediction prediction)
    {
        var pairs = Values(prediction).Where(pair => pair.Label != Batch.IgnoredLabel).ToList();
        return new() { ["accuracy"] = pairs.Average(p => p.Score == p.Label ? 1.0 : 0), ["n"] = pairs.Count, ["width"] = prediction.LabelIds!.shape[1] };
    }

    // The logits were made into classes before.
    private static Dictionary<string, double> OfClasses(EvalPrediction prediction)
    {
        var pairs = Values(prediction).ToList();
        return new() { ["accuracy"] = pairs.Average(p => p.Score == p.Label ? 1.0 : 0), ["n"] = pairs.Count };
    }

    private static Dictionary<string, double> WithInputs(EvalPrediction prediction)
    {
        var (inputs, losses) = (GoldenTensor.Of(prediction.Inputs!), GoldenTensor.Of(prediction.Losses!));
        return new()
        {
            ["accuracy"] = EvalMetrics.Accuracy(prediction.PredictedClasses(), prediction.LabelClasses()),
            ["input_tokens"] = inputs.Values.Count(id => id > 0),
            ["input_width"] = inputs.Shape[1],
            ["mean_loss"] = losses.Values.Average(v => (double)v),
            ["n_losses"] = losses.Values.Length,
        };
    }

    private static Dictionary<string, double> AccuracyAndF1(EvalPrediction prediction)
    {
        var (predicted, labels) = (prediction.PredictedClasses(), prediction.LabelClasses());
        var scores = labels.Union(predicted).Select(c => F1(predicted.Zip(labels).Select(p => (p.First == c, p.Second == c))));
        return new() { ["accuracy"] = EvalMetrics.Accuracy(predicted, labels), ["f1"] = scores.Average() };
    }

    private static Dictionary<string, double> Errors(EvalPrediction prediction)
    {
        var differences = Values(prediction).Select(p => p.Score - p.Label).ToList();
        return new() { ["mse"] = differences.Average(d => d * d), ["mae"] = differences.Average(Math.Abs) };
    }

    private static Dictionary<string, double> MultiLabel(EvalPrediction prediction)
    {
        var decisions = Values(prediction).Select(p => (Predicted: p.Score > 0, Right: p.Label > 0)).ToList();
        var rows = decisions.Chunk((int)prediction.Predictions.shape[^1]).ToList();
        return new() { ["micro_f1"] = F1(decisions), ["subset_accuracy"] = rows.Average(row => row.All(d => d.Predicted == d.Right) ? 1.0 : 0) };
    }

    private static IEnumerable<(double Score, double Label)> Values(EvalPrediction prediction) =>
        GoldenTensor.Of(prediction.Predictions).Values.Zip(GoldenTensor.Of(prediction.LabelIds!).Values, (score, label) => ((double)score, (double)label));

    private static double F1(IEnumerable<(bool Predicted, bool Right)> decisions)
    {
        var (both, either) = (0.0, 0.0);
        foreach (var (predicted, right) in decisions)
            (both, either) = (both + (predicted && right ? 2 : 0), either + (predicted ? 1 : 0) + (right ? 1 : 0));
        return either == 0 ? 0 : both / either;
    }
}
