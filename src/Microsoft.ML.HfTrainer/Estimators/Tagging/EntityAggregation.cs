namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>Makes words and entities of the scores of tokens.</summary>
/// <param name="strategy">The strategy.</param>
/// <param name="tags">The tags.</param>
internal sealed class EntityAggregation(AggregationStrategy strategy, IReadOnlyList<string> tags)
{
    /// <summary>A token of a text.</summary>
    /// <param name="Word">The index of its word.</param>
    /// <param name="Start">Its start in the text.</param>
    /// <param name="End">Its end, exclusive.</param>
    /// <param name="Scores">The probability of each tag.</param>
    public readonly record struct Token(int Word, int Start, int End, float[] Scores);

    // A token or a word, with its tag.
    private readonly record struct Piece(ScoredTag Tag, int Start, int End);

    /// <summary>Aggregates the tokens of a text, in their order.</summary>
    /// <param name="tokens">The tokens, without special ones.</param>
    /// <param name="words">The number of words.</param>
    public TaggedText Aggregate(IReadOnlyList<Token> tokens, int words)
    {
        var found = Enumerable.Repeat(new ScoredTag(-1, float.NaN), words).ToArray();
        var pieces = new List<Piece>();
        foreach (var word in tokens.GroupBy(token => token.Word).Select(group => group.ToList()))
        {
            var tag = found[word[0].Word] = TagOf(word);
            if (strategy is AggregationStrategy.None or AggregationStrategy.Simple)
                pieces.AddRange(word.Select(token => new Piece(ScoredTag.Best(token.Scores), token.Start, token.End)));
            else
                pieces.Add(new(tag, word[0].Start, word[^1].End));
        }
        return new([]) { Words = found, Entities = [.. strategy == AggregationStrategy.None ? Alone(pieces) : Grouped(pieces)] };
    }

    private ScoredTag TagOf(List<Token> word) => strategy switch
    {
        AggregationStrategy.Average => ScoredTag.Best([.. Enumerable.Range(0, tags.Count).Select(tag => word.Average(token => token.Scores[tag]))]),
        AggregationStrategy.Max => word.Select(token => ScoredTag.Best(token.Scores)).MaxBy(best => best.Score),
        _ => ScoredTag.Best(word[0].Scores),
    };

    private IEnumerable<EntitySpan> Alone(List<Piece> pieces) =>
        from piece in pieces
        where NameOf(piece) != TagScheme.Outside
        select new EntitySpan(NameOf(piece), piece.Start, piece.End, piece.Tag.Score);

    private IEnumerable<EntitySpan> Grouped(List<Piece> pieces)
    {
        for (var first = 0; first < pieces.Count;)
        {
            var (type, next) = (TypeOf(pieces[first]), first + 1);
            while (next < pieces.Count && TypeOf(pieces[next]) == type && !TagScheme.Begins(NameOf(pieces[next])))
                next++;
            if (type != TagScheme.Outside)
                yield return new(type, pieces[first].Start, pieces[next - 1].End, pieces[first..next].Average(piece => piece.Tag.Score));
            first = next;
        }
    }

    private string TypeOf(Piece piece) => TagScheme.TypeOf(NameOf(piece));

    private string NameOf(Piece piece) => piece.Tag.Tag < 0 ? TagScheme.Outside : tags[piece.Tag.Tag];
}
