using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Tagging;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Entities in sentences, as the package seqeval counts them: <c>precision</c>, <c>recall</c> and <c>f1</c> over all entities, which are right where type and
/// both ends are, and <c>accuracy</c> over tags. A score that would divide by nothing is 0; all are NaN where there are no tags. It keeps three counts for
/// each type.
/// </summary>
/// <param name="labels">The tags by class index, as in <see cref="PretrainedConfig.Labels"/>; null: only tags can be added, not a model's output.</param>
/// <param name="scheme">The scheme that tags have to follow (seqeval's mode strict); null: any, read with lenience.</param>
public sealed class SeqEvalMetric(IReadOnlyList<string>? labels = null, TaggingScheme? scheme = null) : IEvalMetric
{
    private readonly SortedDictionary<string, HitCount> _byType = new(StringComparer.Ordinal);
    private long _right, _tags;

    /// <inheritdoc/>
    public string Name => "seqeval";

    /// <summary>Whether there are values for each type too, such as <c>PER_precision</c>, <c>PER_recall</c>, <c>PER_f1</c> and <c>PER_number</c>.</summary>
    public bool EntityLevel { get; init; }

    /// <summary>The share of right tags.</summary>
    public double Accuracy => _right / (double)_tags;

    /// <summary>Adds scores and labels.</summary>
    /// <param name="batch">Scores <c>[examples, length, classes]</c> or classes <c>[examples, length]</c>; labels <c>[examples, length]</c>. Positions with the label -100 are left out.</param>
    public void Add(EvalPrediction batch)
    {
        if (labels is null)
            throw new InvalidOperationException($"{Name} was made without the tags that class indices stand for: give new {nameof(SeqEvalMetric)}(model.Config.Labels).");
        foreach (var (predicted, right) in EvalInput.Sequences(batch, Name))
        {
            var kept = Enumerable.Range(0, right.Length).Where(i => right[i] != Batch.IgnoredLabel).ToList();
            Add([.. kept.Select(i => TagOf(predicted[i]))], [.. kept.Select(i => TagOf(right[i]))]);
        }
    }

    /// <summary>Adds the tags of one sentence.</summary>
    /// <param name="predicted">The predicted tags.</param>
    /// <param name="references">The right ones, in the same order.</param>
    /// <exception cref="ArgumentException">There is not one for each, or one does not belong to the scheme.</exception>
    public void Add(IReadOnlyList<string> predicted, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(references);
        EvalInput.RequireSameCount(predicted.Count, references.Count, Name, nameof(references));
        var (found, there) = (Entities(predicted), Entities(references));
        foreach (var entity in found)
            Count(entity.Type, new(there.Contains(entity) ? 1 : 0, 1, 0));
        foreach (var entity in there)
            Count(entity.Type, new(0, 0, 1));
        _tags += references.Count;
        _right += references.Where((tag, i) => tag == predicted[i]).LongCount();
    }

    /// <summary>The scores of each type of entity that was predicted or there.</summary>
    public IReadOnlyDictionary<string, PrecisionRecallF1> PerType() => _byType.ToDictionary(t => t.Key, t => t.Value.Score());

    /// <summary>The scores of all entities: micro, or the mean over types, which of no types is NaN.</summary>
    public PrecisionRecallF1 Score(MetricAverage average) => average is MetricAverage.Binary or MetricAverage.PerLabel
        ? throw new ArgumentOutOfRangeException(nameof(average), $"{Name} has the averages Micro, Macro and Weighted, not {average}.")
        : _tags == 0 ? PrecisionRecallF1.Unknown : HitCount.Average(_byType.Values, average);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute()
    {
        var all = Score(MetricAverage.Micro);
        var values = new Dictionary<string, double> { ["precision"] = all.Precision, ["recall"] = all.Recall, ["f1"] = all.F1, ["accuracy"] = Accuracy };
        foreach (var (type, score) in EntityLevel ? PerType() : new Dictionary<string, PrecisionRecallF1>())
        {
            (values[$"{type}_precision"], values[$"{type}_recall"]) = (score.Precision, score.Recall);
            (values[$"{type}_f1"], values[$"{type}_number"]) = (score.F1, score.Support);
        }
        return values;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _byType.Clear();
        (_right, _tags) = (0, 0);
    }

    private HashSet<Entity> Entities(IReadOnlyList<string> tags) => [.. scheme is null ? LenientEntities.Of(tags) : scheme.Entities(tags)];

    private void Count(string type, HitCount more) => _byType[type] = _byType.GetValueOrDefault(type) + more;

    private string TagOf(int index) => index >= 0 && index < labels!.Count
        ? labels[index]
        : throw new ArgumentException($"{Name}: there is a class {index}, but {labels!.Count} tags were given.");
}
