using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>The tokens of a model and their ids.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsByText;

    private Vocabulary(Dictionary<string, int> ids, Dictionary<int, string> tokens)
    {
        (_ids, _tokens) = (ids, tokens);
        _idsByText = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => _tokens.Count;

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public int? Find(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public int? Find(ReadOnlySpan<char> token) => _idsByText.TryGetValue(token, out var id) ? id : null;

    public string? Token(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>Verifies that ids are consecutive from 0, so that further tokens can be numbered after them.</summary>
    public Vocabulary WithoutHoles(LoadContext context)
    {
        for (var id = 0; id < Count; id++)
        {
            if (Token(id) is null)
                throw context.Error("", $"no token has the id {id}, though there are {Count} tokens; ids must run from 0 to {Count - 1} without a hole.");
        }
        return this;
    }

    /// <summary>Reads a JSON object of tokens and ids.</summary>
    public static Vocabulary Read(PartReader json)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>();
        foreach (var entry in json.Element.EnumerateObject())
        {
            if (entry.Value.ValueKind != System.Text.Json.JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id < 0)
                throw json.Error($"the token '{entry.Name}' has the id {entry.Value.GetRawText()}; an id must be an integer of at least 0.");
            if (!tokens.TryAdd(id, entry.Name))
                throw json.Error($"'{tokens[id]}' and '{entry.Name}' both have the id {id}; every token needs an id of its own.");
            if (!ids.TryAdd(entry.Name, id))
                throw json.Error($"the token '{entry.Name}' is listed twice, with the ids {ids[entry.Name]} and {id}.");
        }
        return new Vocabulary(ids, tokens);
    }

    /// <summary>Creates a vocabulary from a list in which each token's index is its id.</summary>
    public static Vocabulary FromList(IReadOnlyList<string> list, LoadContext context)
    {
        var ids = new Dictionary<string, int>(list.Count, StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>(list.Count);
        for (var id = 0; id < list.Count; id++)
        {
            if (!ids.TryAdd(list[id], id))
            {
                throw context.Error(
                    $"line {id + 1}", $"the token '{list[id]}' is in line {ids[list[id]] + 1} already; tokens must be distinct.");
            }
            tokens.Add(id, list[id]);
        }
        return new Vocabulary(ids, tokens);
    }

    /// <summary>Creates a vocabulary from pieces whose index is their id. Of equal pieces the last wins, as in Hugging Face tokenizers.</summary>
    public static Vocabulary FromPieces(IReadOnlyList<string> pieces)
    {
        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>(pieces.Count);
        for (var id = 0; id < pieces.Count; id++)
        {
            ids[pieces[id]] = id;
            tokens.Add(id, pieces[id]);
        }
        return new Vocabulary(ids, tokens);
    }
}
