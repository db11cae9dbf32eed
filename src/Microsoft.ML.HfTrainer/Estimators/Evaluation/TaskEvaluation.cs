using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Tagging;
using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Evaluation;

/// <summary>Computes the metrics of tasks from columns of labels and predictions.</summary>
internal static class TaskEvaluation
{
    private const string Label = "label column", Predicted = "column of predicted labels";

    /// <summary>Compares the tags of words.</summary>
    public static TokenClassificationMetrics Words(EvaluatedRows rows, string label, string predicted)
    {
        var (expected, found, metric) = (rows.Texts(Label, label, TagScheme.Outside), rows.Texts(Predicted, predicted, TagScheme.Outside), new SeqEvalMetric());
        rows.Read(row =>
        {
            var (tags, predictions) = (expected(), found());
            if (tags.Length != predictions.Length)
                throw rows.Refuse(row, $"has {tags.Length} labels in '{label}' and {predictions.Length} in '{predicted}'; there should be one for each word in both.");
            metric.Add(TagScheme.Prefixed(predictions), TagScheme.Prefixed(tags));
        });
        return new(metric.Score(MetricAverage.Micro), metric.Accuracy, metric.PerType());
    }

    /// <summary>Compares entities with their place.</summary>
    public static TokenClassificationMetrics Entities(EvaluatedRows rows, string label, string start, string end, string predictedPrefix)
    {
        var expected = Spans(rows, Label, label, start, end);
        var found = Spans(rows, "column of entities", predictedPrefix + "Label", predictedPrefix + "Start", predictedPrefix + "End");
        var byType = new Dictionary<string, HitCount>();
        void Count(string type, HitCount more) => byType[type] = byType.GetValueOrDefault(type) + more;
        rows.Read(row =>
        {
            var (there, predictions) = (expected(row), found(row));
            foreach (var entity in predictions)
                Count(entity.Type, new(there.Contains(entity) ? 1 : 0, 1, 0));
            foreach (var entity in there)
                Count(entity.Type, new(0, 0, 1));
        });
        return new(HitCount.Average(byType.Values, MetricAverage.Micro), double.NaN, byType.ToDictionary(type => type.Key, type => type.Value.Score()));
    }

    /// <summary>Compares decisions about several classes.</summary>
    public static MultiLabelMetrics Decisions(EvaluatedRows rows, string label, string predicted)
    {
        var (expected, found, metric, count) = (rows.Decisions(Label, label), rows.Decisions(Predicted, predicted), new MultiLabelMetric(), 0);
        rows.Read(row =>
        {
            var (labels, predictions) = (expected(), found());
            if (labels.Length != predictions.Length || labels.Length == 0)
                throw rows.Refuse(row, $"has {labels.Length} values in '{label}' and {predictions.Length} in '{predicted}'; there should be one for each class in both.");
            if (count > 0 && labels.Length != count)
                throw rows.Refuse(row, $"has {labels.Length} values in '{label}', and the rows before have {count}; there should be one for each class in all of them.");
            metric.Add(predictions, labels, count = labels.Length);
        });
        return new(metric, rows[label].SlotTexts() ?? rows[predicted].SlotTexts() ?? [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Compares answers to questions.</summary>
    public static QuestionAnsweringMetrics Answers(EvaluatedRows rows, string answer, string predicted)
    {
        var (expected, found, metric) = (rows.AllTexts("column of answers", answer), rows.AllTexts("column of predicted answers", predicted), new SquadV2Metric());
        // The best answer comes first; an empty one says that there is none.
        rows.Read(_ => metric.Add(found() is [var best, ..] ? best : "", [.. expected().Where(text => text.Length > 0)]));
        return new(metric.Compute());
    }

    /// <summary>Compares generated texts with target texts.</summary>
    public static TextGenerationMetrics Texts(EvaluatedRows rows, string target, string generated)
    {
        var (expected, found) = (rows.AllTexts("column of target texts", target), rows.AllTexts("column of generated texts", generated));
        ITextMetric[] metrics = [new BleuMetric(), new ChrfMetric(), new RougeMetric()];
        rows.Read(row =>
        {
            var references = expected();
            if (Array.TrueForAll(references, string.IsNullOrWhiteSpace))
                throw rows.Refuse(row, $"has no text in '{target}'; there should be at least one.");
            var text = found() is [var best, ..] ? best : "";
            foreach (var metric in metrics)
                metric.Add(text, references);
        });
        return new(metrics.SelectMany(metric => metric.Compute()).ToDictionary());
    }

    /// <summary>Compares scores of pairs of texts.</summary>
    public static SentenceSimilarityMetrics Scores(EvaluatedRows rows, string label, string score)
    {
        var (expected, found, pearson, spearman) = (rows.Number(Label, label), rows.Number("score column", score), new PearsonMetric(), new SpearmanMetric());
        rows.Read(_ =>
        {
            var (labels, scores) = (new[] { expected() }, new[] { found() });
            pearson.Add(scores, labels);
            spearman.Add(scores, labels);
        });
        return new(pearson.Compute()[pearson.Name], spearman.Compute()[spearman.Name]);
    }

    private static Func<string, HashSet<(string Type, int Start, int End)>> Spans(EvaluatedRows rows, string kind, string label, string start, string end)
    {
        var (types, starts, ends) = (rows.Texts(kind, label, ""), rows.Numbers<int>(kind, start, NumberDataViewType.Int32), rows.Numbers<int>(kind, end, NumberDataViewType.Int32));
        return row =>
        {
            var (ownTypes, ownStarts, ownEnds) = (types(), starts(), ends());
            return ownTypes.Length == ownStarts.Length && ownStarts.Length == ownEnds.Length
                ? [.. ownTypes.Select((type, i) => (type, ownStarts[i], ownEnds[i]))]
                : throw rows.Refuse(
                    row, $"has {ownTypes.Length} values in '{label}', {ownStarts.Length} in '{start}' and {ownEnds.Length} in '{end}'; there should be one of each for each entity.");
        };
    }
}
