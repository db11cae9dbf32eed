using Microsoft.ML.HfTrainer.Tokenization.Loading;
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

    public AddedVocabulary(IEnumerable<AddedToken> tokens, Vocabulary model, INormalizer? normalizer, LoadContext context)
    {
        _model = model;
        foreach (var token in tokens.Where(token => token.Content.Length > 0))
            Add(token.Normalized ? token with { MatchText = Normalize(token.Content, normalizer) } : token, context);
        Count = model.Count + _byContent.Keys.Count(content => model.Find(content) is null);
        CheckForHoles(context);
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

    private void Add(AddedToken token, LoadContext context)
    {
        if (_model.Find(token.Content) is { } modelId && modelId != token.Id)
            throw Error($"'{token.Content}' has the id {token.Id}, but {modelId} in the vocabulary of the model.");
        if (_model.Token(token.Id) is { } other && other != token.Content)
            throw Error($"'{token.Content}' has the id {token.Id}, which is that of '{other}' in the vocabulary of the model.");
        if (!_byContent.TryAdd(token.Content, token))
            throw Error($"'{token.Content}' is listed twice.");
        if (!_byId.TryAdd(token.Id, token))
            throw Error($"'{token.Content}' and '{_byId[token.Id].Content}' both have the id {token.Id}; every token needs an id of its own.");

        InvalidDataException Error(string message) => context.Error("added_tokens", message);
    }

    private void CheckForHoles(LoadContext context)
    {
        for (var id = 0; id < Count; id++)
        {
            if (Token(id) is null)
                throw context.Error("vocab", $"no token has the id {id}, though there are {Count} tokens; ids must run from 0 to {Count - 1} without a hole.");
        }
    }
}
