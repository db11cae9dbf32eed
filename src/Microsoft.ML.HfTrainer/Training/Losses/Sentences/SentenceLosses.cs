using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>The registry of losses on sentence embeddings, by their names in sentence-transformers.</summary>
/// <example><code>new Trainer(...) { ComputeLossFunc = SentenceLosses.Get("CoSENTLoss").ToLossFunction() }</code></example>
public static class SentenceLosses
{
    private const string Scale = "scale", Margin = "margin", Distance = "distance";

    private static readonly ConcurrentDictionary<string, Entry> _registered = new(
    [
        Of(_ => new CosineSimilarityLoss()),
        Of(given => new CoSentLoss { Scale = given.Number(Scale, 20) }, Scale),
        Of(given => new AngleLoss { Scale = given.Number(Scale, 20) }, Scale),
        Of(given => new ContrastiveLoss { Margin = given.Number(Margin, 0.5), Distance = DistanceOf(given, SentenceDistance.Cosine) }, Margin, Distance),
        Of(given => new OnlineContrastiveLoss { Margin = given.Number(Margin, 0.5), Distance = DistanceOf(given, SentenceDistance.Cosine) }, Margin, Distance),
        Of(given => new MultipleNegativesRankingLoss { Scale = given.Number(Scale, 20) }, Scale),
        Of(given => new MultipleNegativesSymmetricRankingLoss { Scale = given.Number(Scale, 20) }, Scale),
        Of(given => new TripletLoss { Margin = given.Number(Margin, 5), Distance = DistanceOf(given, SentenceDistance.Euclidean) }, Margin, Distance),
        Of(given => new BatchAllTripletLoss { Margin = given.Number(Margin, 5), Distance = DistanceOf(given, SentenceDistance.Euclidean) }, Margin, Distance),
        Of(given => new BatchHardTripletLoss { Margin = given.Number(Margin, 5), Distance = DistanceOf(given, SentenceDistance.Euclidean) }, Margin, Distance),
        Of(given => new BatchSemiHardTripletLoss { Margin = given.Number(Margin, 5), Distance = DistanceOf(given, SentenceDistance.Euclidean) }, Margin, Distance),
        Of(_ => new MarginMseLoss()),
        Of(_ => new MseLoss()),
    ]);

    /// <summary>Gets the registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Registers a loss under a name, in place of one that has it already.</summary>
    /// <param name="name">The name, as passed to <see cref="Get"/>.</param>
    /// <param name="create">Creates the loss from its arguments, and checks them.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static void Register(string name, Func<KeywordArguments, SentenceLoss> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        _registered[name] = new Entry(create, null);
    }

    /// <summary>Creates the loss registered under a name.</summary>
    /// <param name="name">The name in sentence-transformers, such as <c>MultipleNegativesRankingLoss</c>.</param>
    /// <param name="arguments">The arguments of the loss: <c>scale</c>, or <c>margin</c> and <c>distance</c> (<c>cosine</c>, <c>euclidean</c> or <c>manhattan</c>). Those that are missing have the defaults of sentence-transformers.</param>
    /// <returns>A new loss.</returns>
    /// <exception cref="ArgumentException">There is no such loss, or it does not take an argument.</exception>
    public static SentenceLoss Get(string name, KeywordArguments? arguments = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_registered.TryGetValue(name, out var entry))
            throw new ArgumentException($"'{name}' is not a known loss on sentence embeddings.{NamedChoice.Suggestion(name, Names)} Known: {string.Join(", ", Names)}.", nameof(name));
        if (entry.Arguments is { } known && arguments?.Keys.FirstOrDefault(argument => !known.Contains(argument)) is { } unknown)
            throw new ArgumentException($"{name} does not take the argument '{unknown}'; it takes {(known.Count == 0 ? "none" : string.Join(", ", known))}.", nameof(arguments));
        return entry.Create(arguments ?? []) ?? throw new InvalidOperationException($"The function registered for the loss '{name}' returned null.");
    }

    private static KeyValuePair<string, Entry> Of(Func<KeywordArguments, SentenceLoss> create, params IReadOnlyList<string> arguments) =>
        KeyValuePair.Create(create([]).Name, new Entry(create, arguments));

    private static SentenceDistance DistanceOf(KeywordArguments given, SentenceDistance otherwise) =>
        given.Text(Distance, otherwise.ToString()) is var text && Enum.TryParse<SentenceDistance>(text, ignoreCase: true, out var distance) && Enum.IsDefined(distance)
            ? distance
            : throw new ArgumentException($"The argument '{Distance}' is '{text}'; it should be one of {string.Join(", ", Enum.GetNames<SentenceDistance>()).ToLowerInvariant()}.", nameof(given));

    // Arguments of losses of the application are null: those check them themselves.
    private sealed record Entry(Func<KeywordArguments, SentenceLoss> Create, IReadOnlyList<string>? Arguments);
}
