using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

/// <summary>The added tokens of a tokenizer, on top of the vocabulary of its model.</summary>
internal sealed class AddedVocabulary
{
    private readonly Vocabulary _model;
    private readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _byId = [];
    private int _lastId = -1;

    /// <summary>
    /// Adds tokens in order. As in Hugging Face tokenizers, their ids in the files are ignored: a token has the id of its vocabulary entry or the next
    /// free one, and a token that is listed twice has the flags of the last entry.
    /// </summary>
    public AddedVocabulary(IEnumerable<AddedToken> tokens, Vocabulary model, INormalizer? normalizer)
    {
        _model = model;
        foreach (var token in tokens.Where(token => token.Content.Length > 0))
            Add(token.Normalized ? token with { MatchText = Normalize(token.Content, normalizer) } : token);
        Count = model.Count + _byContent.Keys.Count(content => model.Find(content) is null);
        Raw = new AddedTokenMatcher(_byContent.Values.Where(token => !token.Normalized).Select(token => (token.MatchText, token)));
        Normalized = new AddedTokenMatcher(_byContent.Values.Where(token => token.Normalized).Select(token => (token.MatchText, token)));
    }

    /// <summary>The number of tokens, those of the model included.</summary>
    public int Count { get; }

    /// <summary>The matcher for the raw text.</summary>
    public AddedTokenMatcher Raw { get; }

    /// <summary>The matcher for the normalized text.</summary>
    public AddedTokenMatcher Normalized { get; }

    public int? Find(string token) => _byContent.TryGetValue(token, out var added) ? added.Id : _model.Find(token);

    public string? Token(int id) => _byId.TryGetValue(id, out var added) ? added.MatchText : _model.Token(id);

    public bool Contains(string token) => _byContent.ContainsKey(token);

    public bool IsSpecial(int id) => _byId.TryGetValue(id, out var added) && added.Special;

    /// <summary>
    /// Indicates whether decoding skips a token when special tokens are skipped: the token's string must be the content of a special token. As in
    /// Hugging Face tokenizers, a special token whose string normalization changes is kept.
    /// </summary>
    public bool IsSkipped(string token) => _byContent.TryGetValue(token, out var added) && added.Special;

    private static string Normalize(string content, INormalizer? normalizer)
    {
        var text = new NormalizedText();
        text.Reset(content, 0);
        normalizer?.Normalize(text);
        return text.Chars.ToString();
    }

    private void Add(AddedToken token)
    {
        var id = Find(token.Content) ?? Math.Max(_model.Count, _lastId + 1);
        _lastId = Math.Max(_lastId, id);
        _byContent[token.Content] = _byId[id] = token with { Id = id };
    }
}
