using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Byte-pair encoding (Sennrich, Haddow and Birch, 2016): the characters or bytes of a word are merged pair by pair, in the order of the merges. (The
/// BPE of Microsoft.ML.Tokenizers supports neither byte fallback nor <c>ignore_merges</c>, and its offsets refer to the normalized text.)
/// </summary>
internal sealed class Bpe : IModel, IPart<Bpe>
{
    private const int Unknown = -1, ShortWord = 128;

    private readonly BpeSettings _settings;
    private readonly MergeTable _merges;
    private readonly int[] _ids = new int[char.MaxValue + 1];
    private readonly int[]? _byteIds;
    private readonly int _unknownId = Unknown;
    private readonly int _affixBytes;
    private readonly MergeBoundaries? _boundaries;
    private readonly WordCache _cache = new();

    /// <summary>
    /// Creates the model. <paramref name="error"/> creates an exception from a message and the index of a merge, or -1 for the model itself.
    /// </summary>
    public Bpe(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeSettings settings, Func<int, string, Exception> error)
    {
        Vocabulary = vocabulary;
        _settings = settings;
        _unknownId = settings.UnknownToken is { } unknown ? vocabulary.Find(unknown) ?? Unknown : Unknown;
        Array.Fill(_ids, Unknown);
        foreach (var (token, id) in vocabulary.Ids)
        {
            if (token.Length == 1)
                _ids[token[0]] = id;
        }
        if (settings.ByteFallback)
            _byteIds = [.. Enumerable.Range(0, 256).Select(value => vocabulary.Find($"<0x{value:X2}>") ?? Unknown)];
        var hasAffixes = settings.ContinuingPrefix.Length + settings.EndSuffix.Length > 0;
        _affixBytes = Encoding.UTF8.GetByteCount(settings.ContinuingPrefix) + Encoding.UTF8.GetByteCount(settings.EndSuffix);
        _boundaries = hasAffixes ? null : new MergeBoundaries(_ids);
        _merges = ReadMerges(merges, error);
    }

    public static string TypeName => "BPE";

    public Vocabulary Vocabulary { get; }

    public string? UnknownToken => _settings.UnknownToken;

    public bool KeepsSpaces => true;

    public static Bpe Read(PartReader json)
    {
        if (json.Child("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
            throw json.Error($"'dropout' is {dropout.Element.GetRawText()}: BPE dropout makes tokens random; it must be null or 0.");
        var merges = json.Required("merges");
        var list = BpeMerges.Read(merges);
        return new Bpe(
            Vocabulary.Read(json.Object("vocab")), list, BpeMerges.ReadSettings(json),
            (index, message) => index < 0 ? json.Error(message) : merges.Error($"merge {index} ('{list[index].Left} {list[index].Right}'): {message}"));
    }

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (IsToken(word, tokens))
            return;
        var seams = BoundariesOf(word);
        for (int start = 0, end; start < word.Length; start = end)
        {
            end = seams?.Next(word, start) ?? word.Length;
            var part = word[start..end];
            var before = tokens.Count;
            if (!_cache.TryGet(part, tokens))
            {
                Merge(part, tokens);
                _cache.Keep(part, CollectionsMarshal.AsSpan(tokens)[before..]);
            }
            Shift(tokens, before, start);
        }
    }

    /// <summary>Tokenizes a word without the word cache, for a caller that has its own.</summary>
    public void TokenizeUncached(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (IsToken(word, tokens))
            return;
        var seams = BoundariesOf(word);
        for (int start = 0, end; start < word.Length; start = end)
        {
            end = seams?.Next(word, start) ?? word.Length;
            var before = tokens.Count;
            Merge(word[start..end], tokens);
            Shift(tokens, before, start);
        }
    }

    private bool IsToken(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (!_settings.IgnoreMerges || Vocabulary.Find(word) is not { } id)
            return false;
        tokens.Add(new ModelToken(id, 0, word.Length));
        return true;
    }

    // Dropped characters shift the offsets of everything after them, so a word with any is merged as a whole.
    private MergeBoundaries? BoundariesOf(ReadOnlySpan<char> word) =>
        _boundaries is null || word.Length <= MergeBoundaries.ShortWord || (_unknownId == Unknown && HasUnknown(word)) ? null : _boundaries;

    private bool HasUnknown(ReadOnlySpan<char> word)
    {
        foreach (var unit in word)
        {
            if (_ids[unit] == Unknown)
                return true;
        }
        return false;
    }

    private static void Shift(List<ModelToken> tokens, int first, int by)
    {
        if (by == 0)
            return;
        foreach (ref var token in CollectionsMarshal.AsSpan(tokens)[first..])
            token = token with { Start = token.Start + by, End = token.End + by };
    }

    private void Merge(ReadOnlySpan<char> part, List<ModelToken> tokens)
    {
        // There are more symbols than UTF-16 units only if characters are split into bytes.
        var most = _byteIds is null ? part.Length : part.Length * (3 + _affixBytes);
        Symbol[]? rented = null;
        var symbols = most <= ShortWord ? stackalloc Symbol[ShortWord] : rented = ArrayPool<Symbol>.Shared.Rent(most);
        var count = Merging.MergeAll(symbols[..Divide(part, symbols)], _merges);
        var places = new Utf8Positions(part);
        var from = 0;
        foreach (var symbol in symbols[..count])
        {
            var to = from + symbol.Bytes;
            tokens.Add(new ModelToken(symbol.Id, places.Start(from), places.End(to)));
            from = to;
        }
        if (rented is not null)
            ArrayPool<Symbol>.Shared.Return(rented);
    }

    // An unknown character is held back until the next known one, so that it can be fused with unknown ones after it; byte tokens overtake it, as in
    // Hugging Face tokenizers. Dropped characters make the offsets of everything after them too small, as there.
    private int Divide(ReadOnlySpan<char> part, Span<Symbol> symbols)
    {
        var (count, waiting) = (0, 0);
        for (var i = 0; i < part.Length;)
        {
            Rune.DecodeFromUtf16(part[i..], out var rune, out var width);
            var id = Find(part, i, width, rune);
            var bytes = rune.Utf8SequenceLength;
            if (id != Unknown)
            {
                if (waiting > 0)
                    symbols[count++] = new Symbol { Id = _unknownId, Bytes = waiting };
                waiting = 0;
                symbols[count++] = new Symbol { Id = id, Bytes = bytes };
            }
            else if (!AddBytes(rune, isFirst: i == 0, isLast: i + width == part.Length, symbols, ref count) && _settings.UnknownToken is { } unknown)
            {
                if (_unknownId == Unknown)
                    throw Vocabulary.LacksUnknown(unknown, part.Slice(i, width));
                if (waiting > 0 && !_settings.FuseUnknown)
                {
                    symbols[count++] = new Symbol { Id = _unknownId, Bytes = waiting };
                    waiting = 0;
                }
                waiting += bytes;
            }
            i += width;
        }
        if (waiting > 0)
            symbols[count++] = new Symbol { Id = _unknownId, Bytes = waiting };
        return count;
    }

    private int Find(ReadOnlySpan<char> part, int start, int width, Rune rune)
    {
        if (_affixBytes == 0 && rune.IsBmp)
            return _ids[rune.Value];
        Span<char> buffer = stackalloc char[2];
        ReadOnlySpan<char> character = buffer[..rune.EncodeToUtf16(buffer)];
        if (_affixBytes > 0)
            character = string.Concat(Prefix(start == 0), character, Suffix(start + width == part.Length));
        return Vocabulary.Find(character) ?? Unknown;
    }

    private bool AddBytes(Rune rune, bool isFirst, bool isLast, Span<Symbol> symbols, ref int count)
    {
        if (_byteIds is null)
            return false;
        Span<byte> buffer = stackalloc byte[4];
        ReadOnlySpan<byte> bytes = buffer[..rune.EncodeToUtf8(buffer)];
        if (_affixBytes > 0)
            bytes = Encoding.UTF8.GetBytes($"{Prefix(isFirst)}{rune}{Suffix(isLast)}");
        foreach (var value in bytes)
        {
            if (_byteIds[value] == Unknown)
                return false;
        }
        foreach (var value in bytes)
            symbols[count++] = new Symbol { Id = _byteIds[value], Bytes = 1 };
        return true;
    }

    private string Prefix(bool isFirst) => isFirst ? "" : _settings.ContinuingPrefix;

    private string Suffix(bool isLast) => isLast ? _settings.EndSuffix : "";

    private MergeTable ReadMerges(IReadOnlyList<(string Left, string Right)> merges, Func<int, string, Exception> error)
    {
        var table = new MergeTable(merges.Count);
        var prefix = Characters.Count(_settings.ContinuingPrefix);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            var (leftId, rightId) = (Find(left), Find(right));
            if (right.Length < prefix)
                throw error(rank, $"'{right}' is shorter than the continuing_subword_prefix '{_settings.ContinuingPrefix}'.");
            table.Add(leftId, rightId, rank, Find(string.Concat(left, right.AsSpan(prefix))));
            _boundaries?.Join(left[^1], right[0]);

            int Find(string token) => token.Length > 0 && Vocabulary.Find(token) is { } id
                ? id
                : throw error(rank, $"the vocabulary of {Vocabulary.Count} tokens lacks '{token}'.");
        }
        return table;
    }
}
