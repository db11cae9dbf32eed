using System.Buffers;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>
/// Normalizes as the SentencePiece library does, as specified in the model: replaces the longest matching key of the table at each position, strips
/// and collapses spaces, prepends a space and writes spaces as ▁. (For the same models, tokenizer.json maps by graphemes and leaves spaces to other
/// components; Microsoft.ML.Tokenizers does not keep offsets into the source text.)
/// </summary>
internal sealed class PieceNormalizer
{
    private const char Mark = '\u2581';

    private readonly NormalizerSpecification _specification;
    private readonly bool _suffix;
    private readonly char _space;
    private readonly Charsmap? _charsmap;
    private readonly PieceTrie? _wholes;

    public PieceNormalizer(SentencePieceModel model, LoadContext context)
    {
        _specification = model.Normalizer;
        _suffix = model.Trainer.WhitespaceAsSuffix;
        _space = _specification.EscapeWhitespaces ? Mark : ' ';
        var wholes = model.Pieces.Where(piece => piece.Type == PieceType.UserDefined).Select((piece, i) => (piece.Text, i)).ToList();
        _wholes = wholes.Count == 0 ? null : new PieceTrie(wholes);
        try
        {
            _charsmap = _specification.Charsmap.Length == 0 ? null : new Charsmap(_specification.Charsmap);
        }
        catch (FormatException error)
        {
            throw context.Error("normalizer_spec.precompiled_charsmap", $"it is not a valid replacement table: {error.Message}");
        }
    }

    /// <summary>Normalizes <paramref name="source"/>, which is not empty, and appends the result to <paramref name="target"/>.</summary>
    /// <returns>The range of the result in <paramref name="target"/>, which may be empty.</returns>
    public TextSpan Append(TextSpan source, NormalizedText target)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(source.Chars.Length));
        var count = Encoding.UTF8.GetBytes(source.Chars, utf8);
        var span = new TextSpan(target, target.Length, Append(source, utf8.AsSpan(0, count), target));
        ArrayPool<byte>.Shared.Return(utf8);
        return span;
    }

    // Returns the end of the appended text without its trailing spaces.
    private int Append(TextSpan source, ReadOnlySpan<byte> utf8, NormalizedText target)
    {
        ReadOnlySpan<char> chars = source.Chars;
        var (start, position) = (target.Length, source.Start);
        var removes = _specification.RemoveExtraWhitespaces;
        var (begun, afterSpace) = (false, removes);
        while (!utf8.IsEmpty)
        {
            var length = Next(utf8, chars, out var text);
            var units = Units(utf8[..length], chars);
            var from = source.Text.Original(position, position + units);
            utf8 = utf8[length..];
            chars = chars[units..];
            position += units;
            if (!begun && removes && text is [(byte)' '])
                continue;
            if (!begun && _specification.AddDummyPrefix && !_suffix)
                target.Append(_space, from);
            begun = true;
            while (afterSpace && text is [(byte)' ', ..])
                text = text[1..];
            Write(text, from, target);
            if (!text.IsEmpty)
                afterSpace = text[^1] == ' ';
            afterSpace &= removes;
        }
        var end = target.Length;
        while (removes && end > start && target.Chars[end - 1] == _space)
            end--;
        return begun && _suffix && _specification.AddDummyPrefix ? AppendSuffix(target, end) : end;
    }

    private int AppendSuffix(NormalizedText target, int end)
    {
        var from = target.Original(target.Length - 1, target.Length);
        if (end == target.Length)
            target.Append(_space, from);
        else
            target.Chars[end] = _space;
        return end + 1;
    }

    /// <summary>Returns the number of bytes that are replaced together at this position, and their replacement.</summary>
    private int Next(ReadOnlySpan<byte> utf8, ReadOnlySpan<char> chars, out ReadOnlySpan<byte> text)
    {
        if (_wholes is not null && LongestWhole(chars) is > 0 and var units)
        {
            var whole = Encoding.UTF8.GetByteCount(chars[..units]);
            text = utf8[..whole];
            return whole;
        }
        if (_charsmap is not null && _charsmap.TryFindLongest(utf8, out text, out var length))
            return length;
        Rune.DecodeFromUtf8(utf8, out _, out length);
        text = utf8[..length];
        return length;
    }

    private int LongestWhole(ReadOnlySpan<char> chars)
    {
        var longest = 0;
        for (int i = 0, node = PieceTrie.Root; i < chars.Length; i++)
        {
            node = _wholes!.Next(node, chars[i]);
            if (node < 0)
                break;
            if (_wholes.Id(node) >= 0)
                longest = i + 1;
        }
        return longest;
    }

    // A lone surrogate, which UTF-8 cannot represent, was encoded as the replacement character, which also has one unit.
    private static int Units(ReadOnlySpan<byte> utf8, ReadOnlySpan<char> chars) => Math.Min(Encoding.UTF8.GetCharCount(utf8), chars.Length);

    private void Write(ReadOnlySpan<byte> utf8, (int Start, int End) from, NormalizedText target)
    {
        Span<char> units = stackalloc char[2];
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            utf8 = utf8[length..];
            foreach (var unit in units[..rune.EncodeToUtf16(units)])
                target.Append(unit == ' ' ? _space : unit, from);
        }
    }
}
