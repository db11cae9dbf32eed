using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A Hugging Face tokenizer: splits text into tokens as defined by <c>tokenizer.json</c> and returns ids, token types, masks and offsets. Truncation
/// and padding stored in that file are not applied by default. Instances are thread-safe.
/// </summary>
/// <remarks>
/// It derives from <see cref="Tokenizer"/> for code that takes one, such as document chunkers. The inherited members encode without special tokens,
/// and their offsets are ranges of the text before normalization.
/// </remarks>
public sealed partial class HfTokenizer : Tokenizer
{
    private readonly Pipeline _pipeline;
    private readonly Composer _composer;

    // The pipeline for target texts (EncodeOptions.AsTarget); for most tokenizers the same as for inputs.
    private readonly Pipeline _target;
    private readonly Composer _targetComposer;

    /// <summary>Gets the number of tokens in the vocabulary, added tokens included.</summary>
    public int VocabularySize => _pipeline.Added.Count;

    /// <summary>Returns the id of a token, or null if the token is not in the vocabulary.</summary>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _pipeline.Added.Find(token);
    }

    /// <summary>Returns the token with the given id, or null if there is none.</summary>
    public string? IdToToken(int id) => _pipeline.Added.Token(id);

    /// <summary>Encodes a text, or a pair of texts.</summary>
    /// <param name="text">The text, or the first text of the pair.</param>
    /// <param name="pair">The second text, or null for a single text. An empty string is a text like any other.</param>
    /// <param name="options">Special tokens, truncation and padding. If null, special tokens are added and nothing is truncated or padded.</param>
    /// <exception cref="ArgumentException">The texts cannot be truncated as requested.</exception>
    /// <exception cref="InvalidOperationException">
    /// Padding is requested, but the tokenizer has no padding token; or the text needs an unknown token that the vocabulary lacks.
    /// </exception>
    public TokenEncoding Encode(string text, string? pair = null, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= EncodeOptions.Default;
        return Padded(EncodeSingle(text, pair, options), options.Padding);
    }

    /// <summary>
    /// Encodes a text, or a pair of texts, that is already split into words (<c>is_split_into_words</c>). <see cref="TokenEncoding.WordIds"/> are
    /// indices into the lists of words, and offsets are relative to each word.
    /// </summary>
    /// <inheritdoc cref="Encode"/>
    public TokenEncoding EncodeWords(IReadOnlyList<string> words, IReadOnlyList<string>? pair = null, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        options ??= EncodeOptions.Default;
        return Padded(EncodeSingle(words, pair, options), options.Padding);
    }

    /// <summary>Pads encodings to a common length with the tokenizer's padding token.</summary>
    /// <param name="encodings">The encodings to pad.</param>
    /// <param name="options">The length and side. If null, encodings are padded to the longest one, on <see cref="PaddingSide"/>.</param>
    /// <returns>The padded encodings in the same order; encodings that have the length already are returned unchanged.</returns>
    /// <exception cref="InvalidOperationException">The tokenizer has no padding token, and the options specify none.</exception>
    public IReadOnlyList<TokenEncoding> Pad(IReadOnlyList<TokenEncoding> encodings, PadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encodings);
        options ??= new PadOptions();
        var padId = options.PadId ?? PadTokenId ?? throw new InvalidOperationException(
            $"The tokenizer '{Name}' has no padding token; set pad_token in its tokenizer_config.json, or {nameof(PadOptions)}.{nameof(PadOptions.PadId)}.");
        var length = options.Length ?? encodings.Select(encoding => encoding.Length).DefaultIfEmpty().Max();
        if (options.MultipleOf is { } multiple)
            length = (length + multiple - 1) / multiple * multiple;
        return [.. encodings.Select(encoding => encoding.Pad(length, padId, options.PadTypeId ?? PadTokenTypeId, options.Side ?? PaddingSide))];
    }

    /// <summary>Decodes token ids into text.</summary>
    /// <param name="ids">The token ids; ids outside the vocabulary are ignored.</param>
    /// <param name="skipSpecialTokens">true to leave out special tokens. Default: true.</param>
    /// <param name="cleanUpTokenizationSpaces">
    /// true to remove spaces before English punctuation and contractions from the result. If null (default), <see cref="CleanUpTokenizationSpaces"/>
    /// decides, except for BPE models, whose tokens preserve the spaces of the text.
    /// </param>
    /// <param name="asSource">
    /// true if the ids are those of a translation model's source language rather than its target language (<c>use_source_tokenizer</c>). Default:
    /// false.
    /// </param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true, bool? cleanUpTokenizationSpaces = null, bool asSource = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var pipeline = asSource ? _pipeline : _target;
        var tokens = new List<string>(ids.Count);
        foreach (var id in ids)
        {
            if (pipeline.Added.Token(id) is { } token && !(skipSpecialTokens && pipeline.Added.IsSkipped(token)))
                tokens.Add(token);
        }
        var text = pipeline.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
        return cleanUpTokenizationSpaces ?? (CleanUpTokenizationSpaces && !pipeline.Model.KeepsSpaces) ? CleanUp.Apply(text) : text;
    }

    private TokenEncoding EncodeSingle(string text, string? pair, EncodeOptions options)
    {
        var (workspace, pipeline) = (Workspace.Rent(), options.AsTarget ? _target : _pipeline);
        pipeline.Tokenize(text, workspace.First, workspace);
        if (pair is not null)
            pipeline.Tokenize(pair, workspace.Second, workspace);
        return Compose(workspace, pair is not null, options);
    }

    private TokenEncoding EncodeSingle(IReadOnlyList<string> words, IReadOnlyList<string>? pair, EncodeOptions options)
    {
        RequireWords(words, nameof(words));
        if (pair is not null)
            RequireWords(pair, nameof(pair));
        var (workspace, pipeline) = (Workspace.Rent(), options.AsTarget ? _target : _pipeline);
        pipeline.Tokenize(words, workspace.First, workspace);
        if (pair is not null)
            pipeline.Tokenize(pair, workspace.Second, workspace);
        return Compose(workspace, pair is not null, options);
    }

    private static void RequireWords(IReadOnlyList<string> words, string name)
    {
        for (var i = 0; i < words.Count; i++)
            if (words[i] is null)
                throw new ArgumentException($"Word {i} of {words.Count} is null; an empty word is an empty string.", name);
    }

    private TokenEncoding Compose(Workspace workspace, bool isPair, EncodeOptions options)
    {
        var encoding = ComposerOf(options).Compose(workspace.First, isPair ? workspace.Second : null, options);
        workspace.Return();
        return encoding;
    }

    private TokenEncoding Padded(TokenEncoding encoding, PadOptions? padding) => padding is null ? encoding : Pad([encoding], padding)[0];
}
