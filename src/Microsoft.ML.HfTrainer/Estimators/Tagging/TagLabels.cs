using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>The labels of the tokens of a row: a tag per word, or spans of entities in the text.</summary>
/// <param name="tags">The tags.</param>
/// <param name="tokens">The tokens of a word that have its tag.</param>
internal sealed class TagLabels(string[] tags, WordLabels tokens)
{
    /// <summary>The features of the starts and ends of entities.</summary>
    public const string Starts = "entity_starts", Ends = "entity_ends";

    /// <summary>Returns the label of each token of a row, <see cref="Batch.IgnoredLabel"/> for those that have none.</summary>
    /// <param name="row">The row, with labels.</param>
    /// <param name="size">The number of words or of characters of its text; null if it is not known.</param>
    public int[] Of(TaskRow row, int? size) =>
        WordAlignment.Align(row.Tokens[0].WordIds.Span, row[Starts].IsDefault ? WordTags(row, size) : SpanTags(row, size), tokens, tags);

    private static int[] WordTags(TaskRow row, int? size)
    {
        var tags = row[Batch.Labels].Integers.ToArray();
        var words = size ?? WordCount(row.Tokens[0]);
        // Without the words themselves, those that were cut off are not known.
        return tags.Length == words || (size is null && tags.Length > words) ? tags
            : throw row.Refuse($"has {words} words and {tags.Length} labels; there should be one label for each word.");
    }

    private int[] SpanTags(TaskRow row, int? size)
    {
        var (starts, ends, types) = (row[Starts].Integers.ToArray(), row[Ends].Integers.ToArray(), row[Batch.Labels].Integers.ToArray());
        if (starts.Length != ends.Length || starts.Length != types.Length)
            throw row.Refuse($"has {starts.Length} starts, {ends.Length} ends and {types.Length} labels of entities; there should be one of each for each entity.");
        var (text, token, end) = (row.Tokens[0], 0, 0);
        var words = new int[WordCount(text)];
        foreach (var entity in Enumerable.Range(0, starts.Length).OrderBy(i => starts[i]))
        {
            if (starts[entity] < 0 || ends[entity] <= starts[entity] || ends[entity] > (size ?? int.MaxValue))
                throw row.Refuse($"has an entity from {starts[entity]} to {ends[entity]}; a span should be within the text{(size is { } length ? $" of {length} characters" : "")}, and its end above its start.");
            if (starts[entity] < end)
                throw row.Refuse($"has an entity that begins at {starts[entity]}, before the end of another one at {end}; entities should not overlap.");
            end = ends[entity];
            token = Mark(text, token, (starts[entity], end), words, 1 + (2 * types[entity]), out var isFound);
            // What lies behind the last token may have been cut off.
            if (!isFound && token < text.Length)
                throw row.Refuse($"has an entity from {starts[entity]} to {end}, where its text has no token, only white space or characters that the tokenizer drops; a span should hold at least a part of a word.");
        }
        return words;
    }

    // The tags B- and I- of a type follow each other. Tokens are in the order of the text, as entities are: the search begins at the first token of the entity before, and the
    // first one of this entity is returned.
    private static int Mark(TokenSequence tokens, int from, (int Start, int End) entity, int[] words, int tag, out bool isFound)
    {
        while (from < tokens.Length && (tokens.WordIds.Span[from] < 0 || tokens.Offsets.Span[(2 * from) + 1] <= entity.Start))
            from++;
        var last = -1;
        for (var i = from; i < tokens.Length && (tokens.WordIds.Span[i] < 0 || tokens.Offsets.Span[2 * i] < entity.End); i++)
            if (tokens.WordIds.Span[i] is >= 0 and var word && word != last && tokens.Offsets.Span[(2 * i) + 1] > entity.Start)
            {
                words[word] = last < 0 ? tag : tag + 1;
                last = word;
            }
        isFound = last >= 0;
        return from;
    }

    /// <summary>The number of words that tokens come from.</summary>
    public static int WordCount(TokenSequence tokens)
    {
        var last = -1;
        foreach (var word in tokens.WordIds.Span)
            last = Math.Max(last, word);
        return last + 1;
    }
}
