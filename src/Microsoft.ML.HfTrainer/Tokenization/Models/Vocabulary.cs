using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>The tokens of a model and their ids.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsByText;

    private Vocabulary(Dictionary<string, int> ids, Dictionary<int, string> tokens, int count)
    {
        (_ids, _tokens, Count) = (ids, tokens, count);
        _idsByText = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The number of tokens, from which added tokens are numbered even if some ids are higher.</summary>
    public int Count { get; }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public int? Find(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public int? Find(ReadOnlySpan<char> token) => _idsByText.TryGetValue(token, out var id) ? id : null;

    public string? Token(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>Creates the exception for a text that needs the unknown token, which the vocabulary lacks.</summary>
    public InvalidOperationException LacksUnknown(string unknownToken, ReadOnlySpan<char> text) => new(
        $"The vocabulary of {Count} tokens does not cover '{(text.Length > 40 ? $"{text[..40]}..." : text)}' and lacks the unknown token '{unknownToken}'; " +
        "add it to the vocabulary or name another.");

    /// <summary>Reads a JSON object of tokens and ids. Of equal tokens the last wins, and ids may be missing or shared, as in Hugging Face tokenizers.</summary>
    public static Vocabulary Read(PartReader json)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in json.Element.EnumerateObject())
        {
            if (entry.Value.ValueKind != System.Text.Json.JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id < 0)
                throw json.Error($"the token '{entry.Name}' has the id {entry.Value.GetRawText()}; an id must be an integer of at least 0.");
            ids[entry.Name] = id;
        }
        return FromIds(ids);
    }

    /// <summary>Creates a vocabulary from a list in which each token's index is its id. Of equal tokens the last wins, as in Hugging Face tokenizers.</summary>
    public static Vocabulary FromList(IReadOnlyList<string> list)
    {
        var ids = new Dictionary<string, int>(list.Count, StringComparer.Ordinal);
        for (var id = 0; id < list.Count; id++)
            ids[list[id]] = id;
        return FromIds(ids);
    }

    /// <summary>
    /// Creates a vocabulary from pieces whose index is their id. Of equal pieces the last is found, but each counts and has its id, as in Hugging
    /// Face tokenizers.
    /// </summary>
    public static Vocabulary FromPieces(IReadOnlyList<string> pieces)
    {
        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>(pieces.Count);
        for (var id = 0; id < pieces.Count; id++)
        {
            ids[pieces[id]] = id;
            tokens.Add(id, pieces[id]);
        }
        return new Vocabulary(ids, tokens, pieces.Count);
    }

    private static Vocabulary FromIds(Dictionary<string, int> ids)
    {
        var tokens = new Dictionary<int, string>(ids.Count);
        foreach (var (token, id) in ids)
            tokens[id] = token;
        return new Vocabulary(ids, tokens, ids.Count);
    }
}
