using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A Hugging Face tokenizer: text to tokens exactly as <c>tokenizer.json</c> says, with ids, types, masks and offsets. Padding and
/// truncation written in that file are left alone; callers ask for what they want. Any number of threads may use one tokenizer.
/// </summary>
public sealed partial class HfTokenizer
{
    private readonly Pipeline _pipeline;
    private readonly Composer _composer;

    /// <summary>How many tokens there are, those added to the vocabulary of the model included.</summary>
    public int VocabularySize => _pipeline.Added.Count;

    /// <summary>The id of a token, or null if there is no such token.</summary>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _pipeline.Added.Find(token);
    }

    /// <summary>The token of an id, or null if no token has it.</summary>
    public string? IdToToken(int id) => _pipeline.Added.Token(id);

    /// <summary>Encodes a text, or a pair of texts.</summary>
    /// <param name="text">The text, or the first of a pair.</param>
    /// <param name="pair">The second text; null for none. An empty text is a second text like any other.</param>
    /// <param name="options">Special tokens and truncation; null for special tokens and no truncation.</param>
    /// <exception cref="ArgumentException">The truncation asked for is not possible with these texts.</exception>
    public TokenEncoding Encode(string text, string? pair = null, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var workspace = Workspace.Rent();
        _pipeline.Tokenize(text, workspace.First, workspace);
        if (pair is not null)
            _pipeline.Tokenize(pair, workspace.Second, workspace);
        return Compose(workspace, pair is not null, options);
    }

    /// <summary>
    /// Encodes a text, or a pair of texts, that is split into words already (<c>is_split_into_words</c>): <see cref="TokenEncoding.WordIds"/>
    /// are indices of these lists, and offsets are relative to the word.
    /// </summary>
    /// <inheritdoc cref="Encode"/>
    public TokenEncoding EncodeWords(IReadOnlyList<string> words, IReadOnlyList<string>? pair = null, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        var workspace = Workspace.Rent();
        _pipeline.Tokenize(words, workspace.First, workspace);
        if (pair is not null)
            _pipeline.Tokenize(pair, workspace.Second, workspace);
        return Compose(workspace, pair is not null, options);
    }

    /// <summary>Pads encodings to one length with the tokenizer's padding token.</summary>
    /// <param name="encodings">The encodings.</param>
    /// <param name="options">The length and the side; null for that of the longest encoding, at <see cref="PaddingSide"/>.</param>
    /// <returns>The encodings in the same order; those that are long enough already stay as they are.</returns>
    /// <exception cref="InvalidOperationException">The tokenizer has no padding token.</exception>
    public IReadOnlyList<TokenEncoding> Pad(IReadOnlyList<TokenEncoding> encodings, PadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encodings);
        options ??= new PadOptions();
        var padId = PadTokenId ?? throw new InvalidOperationException(
            $"The tokenizer '{Name}' names no padding token; set pad_token in its tokenizer_config.json, or pad with TokenEncoding.Pad and an id.");
        var length = options.Length ?? encodings.Select(encoding => encoding.Length).DefaultIfEmpty().Max();
        if (options.MultipleOf is > 0 and var multiple)
            length = (length + multiple - 1) / multiple * multiple;
        return [.. encodings.Select(encoding => encoding.Pad(length, padId, PadTokenTypeId, options.Side ?? PaddingSide))];
    }

    /// <summary>Makes text of tokens.</summary>
    /// <param name="ids">The ids; those without a token are passed over.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out. Default: true.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var tokens = new List<string>(ids.Count);
        foreach (var id in ids)
        {
            if (_pipeline.Added.Token(id) is { } token && !(skipSpecialTokens && _pipeline.Added.IsSpecial(id)))
                tokens.Add(token);
        }
        return _pipeline.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
    }

    private TokenEncoding Compose(Workspace workspace, bool isPair, EncodeOptions? options)
    {
        var encoding = _composer.Compose(workspace.First, isPair ? workspace.Second : null, options ?? EncodeOptions.Default);
        workspace.Return();
        return encoding;
    }
}
