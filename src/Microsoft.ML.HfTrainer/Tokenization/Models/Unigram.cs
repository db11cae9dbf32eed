using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// The most likely segmentation of a word under a unigram language model (Kudo, 2018), found by the Viterbi algorithm. Adjacent characters that no
/// piece covers are fused into one unknown token. (SentencePieceTokenizer of Microsoft.ML.Tokenizers does not read tokenizer.json, sums scores as
/// float32, which breaks ties differently, and has its own normalization.)
/// </summary>
internal sealed class Unigram : IModel, IPart<Unigram>
{
    // An unknown character scores this much less than the worst piece.
    private const double Penalty = 10;
    private const int OnStack = 128;

    private readonly double[] _scores;
    private readonly PieceTrie _trie;
    private readonly int _unknownId;
    private readonly double _unknownScore;
    private readonly int[]? _byteIds;
    private readonly bool _singlePrecision;
    private readonly WordCache _cache = new();

    /// <summary>
    /// Creates the model; a piece's index in the vocabulary is its id and the index of its score. The score of unknown characters is derived from
    /// <paramref name="worst"/> or, if null, from the lowest score; <paramref name="singlePrecision"/> rounds sums to float32 as the SentencePiece
    /// library does.
    /// </summary>
    public Unigram(Vocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback, double? worst = null, bool singlePrecision = false)
    {
        Vocabulary = vocabulary;
        _scores = scores;
        _unknownId = unknownId ?? -1;
        _unknownScore = (worst ?? scores.DefaultIfEmpty(double.PositiveInfinity).Min()) - Penalty;
        _singlePrecision = singlePrecision;
        _trie = new PieceTrie(vocabulary.Ids.Where(piece => piece.Key.Length > 0).Select(piece => (piece.Key, piece.Value)));
        _byteIds = byteFallback ? [.. Enumerable.Range(0, 256).Select(value => vocabulary.Find($"<0x{value:X2}>") ?? -1)] : null;
    }

    public static string TypeName => "Unigram";

    public Vocabulary Vocabulary { get; }

    public string? UnknownToken => _unknownId < 0 ? null : Vocabulary.Token(_unknownId);

    public static Unigram Read(PartReader json)
    {
        var (vocabulary, scores) = UnigramVocabulary.Read(json.Required("vocab"));
        var unknownId = json.OptionalNumber("unk_id");
        if (unknownId is { } id && (id < 0 || id >= scores.Length))
            throw json.Error($"'unk_id' is {id}, but the vocabulary has {scores.Length} pieces; it must be the index of one of them.");
        return new Unigram(vocabulary, scores, unknownId, json.Flag("byte_fallback", false));
    }

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (_cache.TryGet(word, tokens))
            return;
        var before = tokens.Count;
        if (word.Length <= OnStack)
        {
            Tokenize(word, stackalloc Best[OnStack + 1], tokens);
        }
        else
        {
            var best = ArrayPool<Best>.Shared.Rent(word.Length + 1);
            Tokenize(word, best, tokens);
            ArrayPool<Best>.Shared.Return(best);
        }
        _cache.Keep(word, CollectionsMarshal.AsSpan(tokens)[before..]);
    }

    private void Tokenize(ReadOnlySpan<char> word, Span<Best> best, List<ModelToken> tokens)
    {
        best = best[..(word.Length + 1)];
        FindBestPath(word, best);
        // The best path is traced from its end.
        var before = tokens.Count;
        for (var end = word.Length; end > 0;)
        {
            var (id, start) = (best[end].Id, best[end].Start);
            if (id == _unknownId)
            {
                while (start > 0 && best[start].Id == _unknownId)
                    start = best[start].Start;
                AddUnknown(word[start..end], start, tokens);
            }
            else
            {
                tokens.Add(new ModelToken(id, start, end));
            }
            end = start;
        }
        tokens.Reverse(before, tokens.Count - before);
    }

    private void FindBestPath(ReadOnlySpan<char> word, Span<Best> best)
    {
        best.Fill(new Best { Start = -1 });
        for (var start = 0; start < word.Length;)
        {
            var here = best[start].Score;
            var width = start + 1 < word.Length && char.IsSurrogatePair(word[start], word[start + 1]) ? 2 : 1;
            var isCovered = false;
            for (int end = start, node = PieceTrie.Root; end < word.Length;)
            {
                node = _trie.Next(node, word[end++]);
                if (node < 0)
                    break;
                var id = _trie.Id(node);
                if (id < 0)
                    continue;
                best[end].Offer(Sum(here, _scores[id]), start, id);
                isCovered |= end - start == width;
            }
            if (!isCovered)
                best[start + width].Offer(Sum(here, _unknownScore), start, _unknownId >= 0 ? _unknownId : throw Uncovered(word[start..(start + width)]));
            start += width;
        }
    }

    private double Sum(double score, double other) => _singlePrecision ? (float)(score + other) : score + other;

    // Tokens are added from the end, like all others.
    private void AddUnknown(ReadOnlySpan<char> text, int start, List<ModelToken> tokens)
    {
        // Scores may be such that a single piece is not the best path over its own text.
        var id = _trie.Find(text);
        var end = start + text.Length;
        if (id < 0 && TryAddBytes(text, start, tokens))
            return;
        tokens.Add(id < 0 ? new ModelToken(_unknownId, start, end, text.ToString()) : new ModelToken(id, start, end));
    }

    private bool TryAddBytes(ReadOnlySpan<char> text, int start, List<ModelToken> tokens)
    {
        if (_byteIds is null)
            return false;
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (bytes.Any(value => _byteIds[value] < 0))
            return false;
        for (var i = bytes.Length - 1; i >= 0; i--)
            tokens.Add(new ModelToken(_byteIds[bytes[i]], start, start + text.Length));
        return true;
    }

    private static InvalidOperationException Uncovered(ReadOnlySpan<char> character)
    {
        Rune.DecodeFromUtf16(character, out var rune, out _);
        return new($"The text contains U+{rune.Value:X4}, which no piece of the Unigram vocabulary covers, and the model has no unknown token; " +
            "set 'unk_id' in tokenizer.json.");
    }

    /// <summary>The best path to a position in the word: its score and last piece. Of equal scores the first is kept.</summary>
    private struct Best
    {
        public double Score;
        public int Start, Id;

        public void Offer(double score, int start, int id)
        {
            if (Start < 0 || score > Score)
                (Score, Start, Id) = (score, start, id);
        }
    }
}
