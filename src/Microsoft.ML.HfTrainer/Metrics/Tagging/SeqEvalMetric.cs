using Microsoft.ML.HfTrainer.Metrics;
using Microsoft.ML.HfTrainer.Metrics.Tagging;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Entity-level metrics of token classification, as computed by the Python package seqeval: <c>precision</c>, <c>recall</c> and <c>f1</c> of the entities, which are correct if
/// type and boundaries match, and the <c>accuracy</c> of the tags. A score whose denominator is 0 is 0; all are NaN if there are no tags. Keeps three counts per entity type.
/// </summary>
/// <param name="labels">The tags by class index, as in <see cref="PretrainedConfig.Labels"/>. If null, tags can be added, but not the outputs of a model.</param>
/// <param name="scheme">The tagging scheme to apply strictly (<c>mode="strict"</c> in seqeval). If null, any scheme is read leniently.</param>
public sealed class SeqEvalMetric(IReadOnlyList<string>? labels = null, TaggingScheme? scheme = null) : IEvalMetric
{
    private readonly SortedDictionary<string, HitCount> _byType = new(StringComparer.Ordinal);
    private long _right, _tags;

    /// <inheritdoc/>
    public string Name => "seqeval";

    internal bool HasLabels => labels is not null;

    /// <summary>true to also return the scores of each entity type, such as <c>PER_precision</c>, <c>PER_recall</c>, <c>PER_f1</c> and <c>PER_number</c>.</summary>
    public bool EntityLevel { get; init; }

    /// <summary>true if tags end with their prefix, as in PER-B (<c>suffix=True</c> in seqeval). Default: false, as in B-PER.</summary>
    public bool Suffix { get; init; }

    /// <summary>Gets the fraction of correct tags.</summary>
    public double Accuracy => _right / (double)_tags;

    /// <summary>Adds scores and labels.</summary>
    /// <param name="batch">Scores <c>[examples, length, classes]</c> or classes <c>[examples, length]</c>; labels <c>[examples, length]</c>. Positions with the label -100 are ignored.</param>
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
    /// <param name="references">The correct tags, in the same order.</param>
    /// <exception cref="ArgumentException">The numbers of tags differ, or a tag does not belong to the scheme.</exception>
    public void Add(IReadOnlyList<string> predicted, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(references);
        EvalInput.RequireSameCount(predicted.Count, references.Count, Name, nameof(references));
        RequireAll(predicted, nameof(predicted));
        RequireAll(references, nameof(references));
        var (found, there) = (Entities(predicted), Entities(references));
        foreach (var entity in found)
            Count(entity.Type, new(there.Contains(entity) ? 1 : 0, 1, 0));
        foreach (var entity in there)
            Count(entity.Type, new(0, 0, 1));
        _tags += references.Count;
        _right += references.Where((tag, i) => tag == predicted[i]).LongCount();
    }

    /// <summary>Returns the scores of each entity type that occurred or was predicted.</summary>
    public IReadOnlyDictionary<string, PrecisionRecallF1> PerType() => _byType.ToDictionary(t => t.Key, t => t.Value.Score());

    /// <summary>Returns the scores of all entities, as the micro average or a mean over entity types; the mean is NaN if there are none.</summary>
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

    private HashSet<Entity> Entities(IReadOnlyList<string> tags) => [.. scheme is null ? LenientEntities.Of(tags, Suffix) : scheme.Entities(tags, Suffix)];

    private void Count(string type, HitCount more) => _byType[type] = _byType.GetValueOrDefault(type) + more;

    private void RequireAll(IReadOnlyList<string> tags, string side)
    {
        for (var i = 0; i < tags.Count; i++)
            if (tags[i] is null)
                throw new ArgumentException($"{Name}: tag {i} of {tags.Count} in {side} is null; a word without an entity has the tag O.", side);
    }

    private string TagOf(int index) => index >= 0 && index < labels!.Count
        ? labels[index]
        : throw new ArgumentException($"{Name}: there is a class {index}, but {labels!.Count} tags were given.");
}
