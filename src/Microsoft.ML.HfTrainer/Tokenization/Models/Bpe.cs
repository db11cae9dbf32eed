using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Byte-pair encoding (Sennrich, Haddow and Birch, 2016): a word's characters, or its bytes, merged pair by pair in the order of the merges.
/// (The BPE of Microsoft.ML.Tokenizers has neither byte fallback nor a way to take whole words without merges, and its offsets are places in
/// the normalized text.)
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
    private readonly Seams? _seams;
    private readonly WordCache _cache = new();

    /// <summary>
    /// Makes the model; <paramref name="error"/> makes an error of the index of a merge, or of -1 for the model, and a message.
    /// </summary>
    public Bpe(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeSettings settings, Func<int, string, Exception> error)
    {
        Vocabulary = vocabulary;
        _settings = settings;
        if (settings.UnknownToken is { } unknown)
        {
            _unknownId = vocabulary.Find(unknown)
                ?? throw error(-1, $"the vocabulary of {vocabulary.Count} tokens lacks the unknown token '{unknown}'; add it or name another.");
        }
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
        _seams = hasAffixes ? null : new Seams(_ids);
        _merges = ReadMerges(merges, error);
    }

    public static string TypeName => "BPE";

    public Vocabulary Vocabulary { get; }

    public string? UnknownToken => _settings.UnknownToken;

    public bool KeepsSpaces => true;

    public static Bpe Read(PartReader json)
    {
        if (json.Child("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
            throw json.Error($"'dropout' is {dropout.Element.GetRawText()}: merges left out at random give no fixed tokens; it must be null or 0.");
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
        var seams = SeamsOf(word);
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

    /// <summary>The same without the memory of words, for a caller that has one.</summary>
    public void TokenizeAnew(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (IsToken(word, tokens))
            return;
        var seams = SeamsOf(word);
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

    // What is dropped moves the offsets of all that follows, so that such a word is in one piece.
    private Seams? SeamsOf(ReadOnlySpan<char> word) =>
        _seams is null || word.Length <= Seams.ShortWord || (_unknownId == Unknown && HasUnknown(word)) ? null : _seams;

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
        // Only bytes make more pieces than there are units.
        var most = _byteIds is null ? part.Length : part.Length * (3 + _affixBytes);
        Symbol[]? rented = null;
        var symbols = most <= ShortWord ? stackalloc Symbol[ShortWord] : rented = ArrayPool<Symbol>.Shared.Rent(most);
        var count = Merging.MergeAll(symbols[..Divide(part, symbols)], _merges);
        var places = new Utf8Places(part);
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

    // An unknown character waits for the next known one, so that it can be one with unknown ones behind it; bytes overtake it, as in the
    // original. What is dropped leaves the offsets of all that follows too small, as there.
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
            else if (!AddBytes(rune, isFirst: i == 0, isLast: i + width == part.Length, symbols, ref count) && _unknownId != Unknown)
            {
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
                throw error(rank, $"'{right}' is shorter than the prefix '{_settings.ContinuingPrefix}' of continuing pieces.");
            table.Add(leftId, rightId, rank, Find(string.Concat(left, right.AsSpan(prefix))));
            _seams?.Join(left[^1], right[0]);

            int Find(string token) => token.Length > 0 && Vocabulary.Find(token) is { } id
                ? id
                : throw error(rank, $"the vocabulary of {Vocabulary.Count} tokens lacks '{token}'.");
        }
        return table;
    }
}
