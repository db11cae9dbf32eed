using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A text, or a pair of texts, as tokens. All arrays have one element a token, in the same order; they belong to the encoding and are
/// not to be written to.
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

    /// <summary>The number of tokens, special and padding tokens included.</summary>
    public int Length => Ids.Length;

    /// <summary>The ids of the tokens (<c>input_ids</c>).</summary>
    public int[] Ids { get; }

    /// <summary>The token types (<c>token_type_ids</c>), as the tokenizer's template gives them: often 1 for the second text, else 0.</summary>
    public int[] TypeIds { get; }

    /// <summary>1 for each token, 0 for padding (<c>attention_mask</c>).</summary>
    public int[] AttentionMask => field ??= Array.ConvertAll(_sequences, sequence => sequence == Padding ? 0 : 1);

    /// <summary>1 for special tokens that the template added and for padding, else 0, for special tokens typed in the text too.</summary>
    public int[] SpecialTokensMask => field ??= Array.ConvertAll(_sequences, sequence => sequence < 0 ? 1 : 0);

    /// <summary>The tokens as text: their entries in the vocabulary, except that an added token that takes whitespace keeps it.</summary>
    public string[] Tokens => field ??= [.. Enumerable.Range(0, Length).Select(Token)];

    /// <summary>
    /// The ranges of the original text, in UTF-16 units, from which the tokens come; each relative to its own text, or to its own word in
    /// <see cref="HfTokenizer.EncodeWords"/>. (0, 0) for special and padding tokens.
    /// </summary>
    public (int Start, int End)[] Offsets { get; }

    /// <summary>The index of the word that a token belongs to; null for special and padding tokens.</summary>
    public int?[] WordIds => field ??= Array.ConvertAll<int, int?>(_words, word => word < 0 ? null : word);

    /// <summary>0 for tokens of the first text, 1 for those of the second, null for special and padding tokens.</summary>
    public int?[] SequenceIds => field ??= Array.ConvertAll<sbyte, int?>(_sequences, sequence => sequence < 0 ? null : sequence);

    /// <summary>What truncation cut off, as encodings of their own; empty where everything fitted.</summary>
    public IReadOnlyList<TokenEncoding> Overflowing => _overflow ??= _makeOverflow?.Invoke() ?? [];

    /// <summary>Whether truncation cut anything off.</summary>
    public bool Truncated => _makeOverflow is not null;

    internal ReadOnlySpan<sbyte> Sequences => _sequences;

    /// <summary>
    /// The same encoding with padding up to <paramref name="length"/> tokens; the overflowing parts are padded likewise. An encoding of
    /// that length or more is returned as it is, but for its parts.
    /// </summary>
    /// <param name="length">The length to reach, in tokens.</param>
    /// <param name="padId">The id of the padding token.</param>
    /// <param name="padTypeId">The token type of padding.</param>
    /// <param name="side">The end at which padding is added.</param>
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

    internal string Token(int index) => Surface(index) ?? _tokenizer.IdToToken(Ids[index]) ?? "";

    /// <summary>What stands for a token where that is not its entry in the vocabulary.</summary>
    internal string? Surface(int index) => _surfaces?.GetValueOrDefault(index);

    /// <summary>The index of the word of a token that is no special one.</summary>
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
