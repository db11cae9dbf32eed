using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>How the inputs of a golden metric are given to ours, and its values in the form of the golden ones. Every metric is given the first half, then the rest.</summary>
internal static class MetricCases
{
    private static readonly Dictionary<string, Func<BleuMetric>> _bleu = new()
    {
        ["default"] = () => new(),
        ["lowercase"] = () => new() { Lowercase = true },
        ["none"] = () => new() { Tokenizer = BleuTokenizer.None },
        ["intl"] = () => new() { Tokenizer = BleuTokenizer.International },
        ["char"] = () => new() { Tokenizer = BleuTokenizer.Character },
        ["floor"] = () => new() { Smoothing = BleuSmoothing.Floor },
        ["add_k"] = () => new() { Smoothing = BleuSmoothing.AddK },
        ["no_smoothing"] = () => new() { Smoothing = BleuSmoothing.None },
        ["effective_order"] = () => new() { EffectiveOrder = true },
    };

    private static readonly Dictionary<string, Func<ChrfMetric>> _chrf = new()
    {
        ["chrF"] = () => new(),
        ["chrF++"] = () => new() { WordOrder = 2 },
        ["char4_beta1"] = () => new() { CharOrder = 4, Beta = 1 },
        ["eps_smoothing"] = () => new() { EpsilonSmoothing = true },
        ["lowercase"] = () => new() { Lowercase = true },
        ["whitespace"] = () => new() { Whitespace = true },
    };

    private static readonly Dictionary<string, Func<RougeMetric>> _rouge = new() { ["plain"] = () => new(), ["stemmer"] = () => new(useStemmer: true) };

    public static readonly IReadOnlyDictionary<string, Func<JsonElement, object>> All = new Dictionary<string, Func<JsonElement, object>>
    {
        ["accuracy"] = c => Classes(new AccuracyMetric(), c).Compute()["accuracy"],
        ["precision_recall_f1"] = PrecisionRecallF1,
        ["matthews_correlation"] = c => Classes(new MatthewsCorrelationMetric(), c).Compute()["matthews_correlation"],
        ["pearson"] = c => Values(new PearsonMetric(), c),
        ["spearmanr"] = c => Values(new SpearmanMetric(), c),
        ["mse"] = c => Values(new MeanSquaredErrorMetric(), c),
        ["mae"] = c => Values(new MeanAbsoluteErrorMetric(), c),
        ["r2"] = c => Values(new R2Metric(), c),
        ["roc_auc"] = RocAuc,
        ["log_loss"] = LogLoss,
        ["multilabel"] = MultiLabel,
        ["seqeval"] = c => new Dictionary<string, object> { ["default"] = SeqEval(c, null), ["strict"] = SeqEval(c, TaggingScheme.Get(Text(c, "scheme"))) },
        ["squad"] = c => Boxed(Texts(new SquadMetric(), c).Compute()),
        ["squad_v2"] = SquadV2,
        ["bleu"] = c => Variants(c, _bleu, name => Bleu(Texts(_bleu[name](), c).Score())),
        ["chrf"] = c => Variants(c, _chrf, name => Texts(_chrf[name](), c).Compute().Values.Single()),
        ["rouge"] = c => Variants(c, _rouge, name => Rouge(_rouge[name], c)),
        ["perplexity"] = c => Perplexity(c).Compute()["perplexity"],
    };

    /// <summary>What stands beside the value of a case, where it does.</summary>
    public static IEnumerable<(string Name, object Value)> Beside(string metric, JsonElement golden)
    {
        if (golden.TryGetProperty("per_class", out _))
        {
            var scores = Scores(golden).PerLabel().Values;
            yield return ("per_class", new[] { scores.Select(s => s.Precision), scores.Select(s => s.Recall), scores.Select(s => s.F1), scores.Select(s => (double)s.Support) }
                .Select(row => row.Cast<object>()));
        }
        if (golden.TryGetProperty("average_precision", out _))
            yield return ("average_precision", Ranked(new AveragePrecisionMetric(), golden));
        if (metric != "perplexity")
            yield break;
        var perplexity = Perplexity(golden);
        yield return ("loss", perplexity.MeanLoss);
        yield return ("per_sequence", perplexity.Sequences.Cast<object>());
    }

    private static T Classes<T>(T metric, JsonElement golden) where T : ClassMetric
    {
        var (predicted, labels) = (Integers(golden, "predictions"), Integers(golden, "references"));
        foreach (var part in Halves(labels.Length))
            metric.Add(predicted[part], labels[part]);
        return metric;
    }

    private static PrecisionRecallF1Metric Scores(JsonElement golden) =>
        Classes(new PrecisionRecallF1Metric { Labels = [.. Enumerable.Range(0, golden.GetProperty("num_classes").GetInt32())] }, golden);

    private static Dictionary<string, object> PrecisionRecallF1(JsonElement golden)
    {
        var metric = Scores(golden);
        return golden.GetProperty("value").EnumerateObject().ToDictionary(average => average.Name, average =>
        {
            var score = metric.Score(Enum.Parse<MetricAverage>(average.Name, ignoreCase: true));
            return (object)new object[] { score.Precision, score.Recall, score.F1 };
        });
    }

    private static object Values(RegressionMetric metric, JsonElement golden)
    {
        var (predicted, labels) = (Doubles(golden, "predictions"), Doubles(golden, "references"));
        foreach (var part in Halves(labels.Length))
            metric.Add(predicted[part], labels[part]);
        return metric.Compute()[metric.Name];
    }

    private static object RocAuc(JsonElement golden) => golden.GetProperty("value").ValueKind == JsonValueKind.Number
        ? Ranked(new RocAucMetric(), golden)
        : golden.GetProperty("value").EnumerateObject().ToDictionary(p => p.Name, p => p.Name.Split('_') is [var pairs, var average]
            ? Ranked(new RocAucMetric(Enum.Parse<MetricAverage>(average, ignoreCase: true), oneAgainstOne: pairs == "ovo"), golden)
            : "unknown");

    private static object Ranked(RankingMetric metric, JsonElement golden)
    {
        var (scores, labels) = (Doubles(golden, "scores"), Integers(golden, "references"));
        var classes = scores.Length / labels.Length;
        foreach (var part in Halves(labels.Length))
            metric.Add(scores[(part.Start.Value * classes)..(part.End.Value * classes)], labels[part], classes);
        return metric.Compute()[metric.Name];
    }

    private static object LogLoss(JsonElement golden)
    {
        var (metric, probabilities, labels) = (new LogLossMetric(), Doubles(golden, "probabilities"), Integers(golden, "references"));
        var classes = probabilities.Length / labels.Length;
        foreach (var part in Halves(labels.Length))
            metric.Add(probabilities[(part.Start.Value * classes)..(part.End.Value * classes)], labels[part], classes);
        return metric.Compute()["log_loss"];
    }

    private static Dictionary<string, object> MultiLabel(JsonElement golden)
    {
        var (metric, predicted, labels) = (new MultiLabelMetric(), Integers(golden, "predictions"), Integers(golden, "references"));
        var width = golden.GetProperty("references")[0].GetArrayLength();
        foreach (var part in Halves(labels.Length / width))
            metric.Add(predicted[(part.Start.Value * width)..(part.End.Value * width)], labels[(part.Start.Value * width)..(part.End.Value * width)], width);
        return Boxed(metric.Compute());
    }

    private static Dictionary<string, object> SeqEval(JsonElement golden, TaggingScheme? scheme)
    {
        var metric = new SeqEvalMetric(scheme: scheme);
        foreach (var (predicted, right) in golden.GetProperty("predictions").EnumerateArray().Zip(golden.GetProperty("references").EnumerateArray()))
            metric.Add(Strings(predicted), Strings(right));
        var averages = new[] { MetricAverage.Micro, MetricAverage.Macro, MetricAverage.Weighted }.Select(a => ($"{a} avg".ToLowerInvariant(), metric.Score(a)));
        var all = metric.Compute();
        return new Dictionary<string, object>
        {
            ["report"] = metric.PerType().Select(t => (t.Key, t.Value)).Concat(averages).ToDictionary(row => row.Item1, row => (object)new Dictionary<string, object>
            {
                ["precision"] = row.Item2.Precision, ["recall"] = row.Item2.Recall, ["f1-score"] = row.Item2.F1, ["support"] = (double)row.Item2.Support,
            }),
            ["overall_precision"] = all["precision"],
            ["overall_recall"] = all["recall"],
            ["overall_f1"] = all["f1"],
            ["overall_accuracy"] = all["accuracy"],
        };
    }

    private static Dictionary<string, object> SquadV2(JsonElement golden)
    {
        var metric = new SquadV2Metric(golden.GetProperty("no_answer_threshold").GetDouble());
        var probabilities = Doubles(golden, "no_answer_probability");
        foreach (var (i, prediction) in golden.GetProperty("predictions").EnumerateArray().Index())
            metric.Add(prediction.GetString()!, Strings(golden.GetProperty("references")[i]), probabilities[i]);
        return Boxed(metric.Compute());
    }

    // The variants that the case has; one that is not known here comes out as a difference.
    private static Dictionary<string, object> Variants<T>(JsonElement golden, Dictionary<string, T> known, Func<string, object> compute) =>
        golden.GetProperty("value").EnumerateObject().Where(p => known.ContainsKey(p.Name)).ToDictionary(p => p.Name, p => compute(p.Name));

    private static Dictionary<string, object> Bleu(BleuScore score) => new()
    {
        ["score"] = score.Score,
        ["counts"] = score.Counts.Cast<object>(),
        ["totals"] = score.Totals.Cast<object>(),
        ["precisions"] = score.Precisions.Cast<object>(),
        ["bp"] = score.BrevityPenalty,
        ["sys_len"] = (double)score.SystemLength,
        ["ref_len"] = (double)score.ReferenceLength,
    };

    private static Dictionary<string, object> Rouge(Func<RougeMetric> create, JsonElement golden)
    {
        var metric = create();
        var pairs = golden.GetProperty("predictions").EnumerateArray().Zip(golden.GetProperty("references").EnumerateArray(), (p, r) => metric.Score(p.GetString()!, r.GetString()!));
        return new()
        {
            ["per_pair"] = pairs.Select(pair => (object)pair.ToDictionary(kind => kind.Key, kind => (object)new object[] { kind.Value.Precision, kind.Value.Recall, kind.Value.F1 })).ToList(),
            ["mean_f1"] = Boxed(Texts(metric, golden).Compute()),
        };
    }

    private static T Texts<T>(T metric, JsonElement golden) where T : ITextMetric
    {
        foreach (var (prediction, right) in golden.GetProperty("predictions").EnumerateArray().Zip(golden.GetProperty("references").EnumerateArray()))
            metric.Add(prediction.GetString()!, right.ValueKind == JsonValueKind.String ? [right.GetString()!] : Strings(right));
        return metric;
    }

    private static PerplexityMetric Perplexity(JsonElement golden)
    {
        var metric = new PerplexityMetric(keepSequences: true);
        using var scope = NewDisposeScope();
        using var logits = GoldenTensor.FromJson(golden.GetProperty("logits"));
        using var labels = GoldenTensor.FromJson(golden.GetProperty("labels"));
        foreach (var part in Halves((int)labels.shape[0]).Where(part => part.End.Value > part.Start.Value))
        {
            var (start, count) = (part.Start.Value, part.End.Value - part.Start.Value);
            metric.Add(new EvalPrediction(logits.narrow(0, start, count), labels.narrow(0, start, count)));
        }
        return metric;
    }

    private static Range[] Halves(int count) => [new(0, count / 2), new(count / 2, count)];

    private static Dictionary<string, object> Boxed(IReadOnlyDictionary<string, double> values) => values.ToDictionary(v => v.Key, v => (object)v.Value);

    private static string Text(JsonElement golden, string name) => golden.GetProperty(name).GetString()!;

    private static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static int[] Integers(JsonElement golden, string name) => [.. Flat(golden.GetProperty(name)).Select(item => item.GetInt32())];

    private static double[] Doubles(JsonElement golden, string name) => [.. Flat(golden.GetProperty(name)).Select(GoldenTensor.Number)];

    private static IEnumerable<JsonElement> Flat(JsonElement nested) => nested.ValueKind == JsonValueKind.Array ? nested.EnumerateArray().SelectMany(Flat) : [nested];
}
