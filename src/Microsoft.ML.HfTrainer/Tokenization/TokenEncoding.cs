using Microsoft.ML.HfTrainer.Tokenization;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The tokens of a text or of a pair of texts. All arrays have one element per token, in the same order; they are owned by the encoding and must not
/// be modified.
/// </summary>
public sealed class TokenEncoding
{
    private const sbyte Special = -1, Padding = -2;

    private readonly HfTokenizer _tokenizer;
    private readonly int[] _words;
    private readonly sbyte[] _sequences;
    private Dictionary<int, string>? _surfaces;
    private Func<IReadOnlyList<TokenEncoding>>? _makeOverflow;
    private IReadOnlyList<TokenEncoding>? _overflow;

    internal TokenEncoding(HfTokenizer tokenizer, int length)
    {
        _tokenizer = tokenizer;
        Ids = new int[length];
        TypeIds = new int[length];
        Offsets = new (int, int)[length];
        _words = new int[length];
        _sequences = new sbyte[length];
    }

    /// <summary>Gets the number of tokens, special and padding tokens included.</summary>
    public int Length => Ids.Length;

    /// <summary>Gets the token ids (<c>input_ids</c>).</summary>
    public int[] Ids { get; }

    /// <summary>
    /// Gets the token type ids (<c>token_type_ids</c>) that the tokenizer's template assigns: usually 0 for the first text and 1 for the second.
    /// </summary>
    public int[] TypeIds { get; }

    /// <summary>Gets the attention mask (<c>attention_mask</c>): 1 for each token, 0 for padding.</summary>
    public int[] AttentionMask => field ??= Array.ConvertAll(_sequences, sequence => sequence == Padding ? 0 : 1);

    /// <summary>
    /// Gets the special tokens mask: 1 for special tokens that the template added and for padding, otherwise 0. Special tokens written in the text
    /// itself count as text.
    /// </summary>
    public int[] SpecialTokensMask => field ??= Array.ConvertAll(_sequences, sequence => sequence < 0 ? 1 : 0);

    /// <summary>Gets the tokens as strings: their vocabulary entries, except that an added token that absorbs surrounding whitespace includes it.</summary>
    public string[] Tokens => field ??= [.. Enumerable.Range(0, Length).Select(Token)];

    /// <summary>
    /// Gets the range of the source text that each token covers, in UTF-16 code units. Ranges are relative to the token's own text or, with
    /// <see cref="HfTokenizer.EncodeWords"/>, to its word; (0, 0) for special and padding tokens.
    /// </summary>
    public (int Start, int End)[] Offsets { get; }

    /// <summary>Gets the index of the word that each token belongs to (<c>word_ids</c>); null for special and padding tokens.</summary>
    public int?[] WordIds => field ??= Array.ConvertAll<int, int?>(_words, word => word < 0 ? null : word);

    /// <summary>
    /// Gets the index of the text that each token belongs to (<c>sequence_ids</c>): 0 for the first, 1 for the second, null for special and padding
    /// tokens.
    /// </summary>
    public int?[] SequenceIds => field ??= Array.ConvertAll<sbyte, int?>(_sequences, sequence => sequence < 0 ? null : sequence);

    /// <summary>
    /// Returns a label for each token from those of the words (<see cref="HfTokenizer.EncodeWords"/>), for token classification: the <c>labels</c> of an example. Special tokens, padding and the
    /// tokens of the other text of a pair have -100, which losses and metrics ignore.
    /// </summary>
    /// <param name="labels">The class index of each word.</param>
    /// <param name="tokens">The tokens of a word that have its label. Default: the first.</param>
    /// <param name="names">The names of the classes, such as <see cref="PretrainedConfig.Labels"/>; needed for <see cref="WordLabels.AllTokensContinued"/> alone. Default: null.</param>
    /// <param name="sequence">The text of a pair that the words are of, 0 or 1. Default: 0.</param>
    /// <exception cref="ArgumentException">A word has no label, or the names are missing.</exception>
    public int[] AlignLabels(IReadOnlyList<int> labels, WordLabels tokens = WordLabels.FirstToken, IReadOnlyList<string>? names = null, int sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (tokens == WordLabels.AllTokensContinued && names is null)
            throw new ArgumentException($"{nameof(WordLabels.AllTokensContinued)} replaces B- by I- in the names of the classes; give them, such as model.Config.Labels.", nameof(names));
        return WordAlignment.Align(_words.Zip(_sequences, (word, text) => text == sequence ? word : -1).ToArray(), labels, tokens, names);
    }

    /// <summary>Gets the parts that truncation removed, as further encodings; empty if nothing was removed.</summary>
    public IReadOnlyList<TokenEncoding> Overflowing => _overflow ??= _makeOverflow?.Invoke() ?? [];

    /// <summary>Indicates whether truncation removed any tokens.</summary>
    public bool Truncated => _makeOverflow is not null;

    internal ReadOnlySpan<sbyte> Sequences => _sequences;

    /// <summary>Gets the number of tokens of each encoding that this one was concatenated of.</summary>
    internal IReadOnlyList<int> Parts { get; private init; } = [];

    /// <summary>Returns the tokens of several encodings one after the other. It is truncated if one of them is.</summary>
    internal static TokenEncoding Concatenated(HfTokenizer tokenizer, IReadOnlyList<TokenEncoding> parts)
    {
        var all = new TokenEncoding(tokenizer, parts.Sum(part => part.Length)) { Parts = [.. parts.Select(part => part.Length)] };
        var at = 0;
        foreach (var part in parts)
        {
            part.Ids.CopyTo(all.Ids, at);
            part.TypeIds.CopyTo(all.TypeIds, at);
            part.Offsets.CopyTo(all.Offsets, at);
            part._words.CopyTo(all._words, at);
            part._sequences.CopyTo(all._sequences, at);
            at += part.Length;
        }
        if (parts.Any(part => part.Truncated))
            all.SetOverflow(() => []);
        return all;
    }

    /// <summary>
    /// Returns a copy of the encoding padded to <paramref name="length"/> tokens, with its overflowing parts padded as well. An encoding of at least
    /// that length is returned without padding.
    /// </summary>
    /// <param name="length">The length to pad to, in tokens.</param>
    /// <param name="padId">The id of the padding token.</param>
    /// <param name="padTypeId">The token type id of padding.</param>
    /// <param name="side">The side on which padding is added.</param>
    public TokenEncoding Pad(int length, int padId, int padTypeId = 0, Side side = Side.Right)
    {
        if (length <= Length && !Truncated)
            return this;
        var padded = new TokenEncoding(_tokenizer, Math.Max(length, Length));
        var shift = side == Side.Left ? padded.Length - Length : 0;
        Array.Fill(padded.Ids, padId);
        Array.Fill(padded.TypeIds, padTypeId);
        Array.Fill(padded._words, -1);
        Array.Fill(padded._sequences, Padding);
        Ids.CopyTo(padded.Ids, shift);
        TypeIds.CopyTo(padded.TypeIds, shift);
        Offsets.CopyTo(padded.Offsets, shift);
        _words.CopyTo(padded._words, shift);
        _sequences.CopyTo(padded._sequences, shift);
        padded._surfaces = _surfaces?.ToDictionary(surface => surface.Key + shift, surface => surface.Value);
        if (Truncated)
            padded.SetOverflow(() => [.. Overflowing.Select(part => part.Pad(length, padId, padTypeId, side))]);
        return padded;
    }

    /// <summary>Makes offsets that are relative to words relative to their texts, in the overflowing parts as well.</summary>
    /// <param name="first">The start of each word of the first text.</param>
    /// <param name="second">The start of each word of the second text.</param>
    internal void MoveOffsets(int[] first, int[] second)
    {
        for (var i = 0; i < Length; i++)
            if (_sequences[i] is >= 0 and var sequence && (sequence == 0 ? first : second)[_words[i]] is var start)
                Offsets[i] = (Offsets[i].Start + start, Offsets[i].End + start);
        if (_makeOverflow is not { } make)
            return;
        SetOverflow(() =>
        {
            var parts = make();
            foreach (var part in parts)
                part.MoveOffsets(first, second);
            return parts;
        });
    }

    internal string Token(int index) => Surface(index) ?? _tokenizer.IdToToken(Ids[index]) ?? "";

    /// <summary>Returns the text of a token if it differs from the vocabulary entry; otherwise null.</summary>
    internal string? Surface(int index) => _surfaces?.GetValueOrDefault(index);

    /// <summary>Returns the word index of a token that is not special.</summary>
    internal int Word(int index) => _words[index];

    internal void SetOverflow(Func<IReadOnlyList<TokenEncoding>> make) => _makeOverflow = make;

    internal int Write(int at, SequenceTokens tokens, int start, int count, int sequence, int typeId)
    {
        tokens.Ids.Slice(start, count).CopyTo(Ids.AsSpan(at));
        tokens.Offsets.Slice(start, count).CopyTo(Offsets.AsSpan(at));
        tokens.Words.Slice(start, count).CopyTo(_words.AsSpan(at));
        TypeIds.AsSpan(at, count).Fill(typeId);
        _sequences.AsSpan(at, count).Fill((sbyte)sequence);
        if (tokens.Surfaces is { } surfaces)
        {
            foreach (var (place, surface) in surfaces.Where(surface => surface.Key >= start && surface.Key < start + count))
                (_surfaces ??= [])[at + place - start] = surface;
        }
        return at + count;
    }

    internal int WriteSpecial(int at, int[] ids, int typeId)
    {
        ids.CopyTo(Ids, at);
        TypeIds.AsSpan(at, ids.Length).Fill(typeId);
        _words.AsSpan(at, ids.Length).Fill(-1);
        _sequences.AsSpan(at, ids.Length).Fill(Special);
        return at + ids.Length;
    }
}
