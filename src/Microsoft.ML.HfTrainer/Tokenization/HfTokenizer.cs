using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A Hugging Face tokenizer: text to tokens exactly as <c>tokenizer.json</c> says, with ids, types, masks and offsets. Padding and
/// truncation written in that file are left alone; callers ask for what they want. Any number of threads may use one tokenizer.
/// </summary>
/// <remarks>
/// It is a <see cref="Tokenizer"/> for code that takes one, such as chunkers of documents: what it has from there counts, cuts and encodes
/// the text alone, without special tokens, and offsets are ranges of the text as written.
/// </remarks>
public sealed partial class HfTokenizer : Tokenizer
{
    private readonly Pipeline _pipeline;
    private readonly Composer _composer;

    // How texts are read that a model is to write; for most tokenizers the same.
    private readonly Pipeline _target;
    private readonly Composer _targetComposer;

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
    /// <param name="options">Special tokens, truncation and padding; null for special tokens and no more.</param>
    /// <exception cref="ArgumentException">The truncation asked for is not possible with these texts.</exception>
    /// <exception cref="InvalidOperationException">
    /// Padding is asked for and there is no padding token; or a Unigram model without an unknown token has no piece for a character.
    /// </exception>
    public TokenEncoding Encode(string text, string? pair = null, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= EncodeOptions.Default;
        return Padded(EncodeAlone(text, pair, options), options.Padding);
    }

    /// <summary>
    /// Encodes a text, or a pair of texts, that is split into words already (<c>is_split_into_words</c>): <see cref="TokenEncoding.WordIds"/>
    /// are indices of these lists, and offsets are relative to the word.
    /// </summary>
    /// <inheritdoc cref="Encode"/>
    public TokenEncoding EncodeWords(IReadOnlyList<string> words, IReadOnlyList<string>? pair = null, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        options ??= EncodeOptions.Default;
        return Padded(EncodeAlone(words, pair, options), options.Padding);
    }

    /// <summary>Pads encodings to one length with the tokenizer's padding token.</summary>
    /// <param name="encodings">The encodings.</param>
    /// <param name="options">The length and the side; null for that of the longest encoding, at <see cref="PaddingSide"/>.</param>
    /// <returns>The encodings in the same order; those that are long enough already stay as they are.</returns>
    /// <exception cref="InvalidOperationException">The tokenizer has no padding token, and the options name none.</exception>
    public IReadOnlyList<TokenEncoding> Pad(IReadOnlyList<TokenEncoding> encodings, PadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encodings);
        options ??= new PadOptions();
        var padId = options.PadId ?? PadTokenId ?? throw new InvalidOperationException(
            $"The tokenizer '{Name}' names no padding token; set pad_token in its tokenizer_config.json, or {nameof(PadOptions)}.{nameof(PadOptions.PadId)}.");
        var length = options.Length ?? encodings.Select(encoding => encoding.Length).DefaultIfEmpty().Max();
        if (options.MultipleOf is > 0 and var multiple)
            length = (length + multiple - 1) / multiple * multiple;
        return [.. encodings.Select(encoding => encoding.Pad(length, padId, options.PadTypeId ?? PadTokenTypeId, options.Side ?? PaddingSide))];
    }

    /// <summary>Makes text of tokens.</summary>
    /// <param name="ids">The ids; those without a token are passed over.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out. Default: true.</param>
    /// <param name="cleanUpTokenizationSpaces">
    /// Whether spaces before English punctuation and contractions are taken away at the end; null (default) for
    /// <see cref="CleanUpTokenizationSpaces"/>, but false where the model is BPE, whose spaces are those of the text.
    /// </param>
    /// <param name="asSource">
    /// Whether the tokens are of the language that a translation model gets and not of that which it writes
    /// (<c>use_source_tokenizer</c>). Default: false.
    /// </param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true, bool? cleanUpTokenizationSpaces = null, bool asSource = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var pipeline = asSource ? _pipeline : _target;
        var tokens = new List<string>(ids.Count);
        foreach (var id in ids)
        {
            if (pipeline.Added.Token(id) is { } token && !(skipSpecialTokens && pipeline.Added.IsLeftOut(token)))
                tokens.Add(token);
        }
        var text = pipeline.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
        return cleanUpTokenizationSpaces ?? (CleanUpTokenizationSpaces && !pipeline.Model.KeepsSpaces) ? CleanUp.Apply(text) : text;
    }

    private TokenEncoding EncodeAlone(string text, string? pair, EncodeOptions options)
    {
        var (workspace, pipeline) = (Workspace.Rent(), options.AsTarget ? _target : _pipeline);
        pipeline.Tokenize(text, workspace.First, workspace);
        if (pair is not null)
            pipeline.Tokenize(pair, workspace.Second, workspace);
        return Compose(workspace, pair is not null, options);
    }

    private TokenEncoding EncodeAlone(IReadOnlyList<string> words, IReadOnlyList<string>? pair, EncodeOptions options)
    {
        var (workspace, pipeline) = (Workspace.Rent(), options.AsTarget ? _target : _pipeline);
        pipeline.Tokenize(words, workspace.First, workspace);
        if (pair is not null)
            pipeline.Tokenize(pair, workspace.Second, workspace);
        return Compose(workspace, pair is not null, options);
    }

    private TokenEncoding Compose(Workspace workspace, bool isPair, EncodeOptions options)
    {
        var encoding = ComposerOf(options).Compose(workspace.First, isPair ? workspace.Second : null, options);
        workspace.Return();
        return encoding;
    }

    private TokenEncoding Padded(TokenEncoding encoding, PadOptions? padding) => padding is null ? encoding : Pad([encoding], padding)[0];
}
