using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>Converts pieces back to text as the SentencePiece library does.</summary>
internal sealed class PieceDecoder(SentencePieceModel model)
{
    private readonly Dictionary<string, PieceType> _types = model.Pieces.ToDictionary(piece => piece.Text, piece => piece.Type, StringComparer.Ordinal);
    private readonly bool _dropsLeadingSpace = model.Normalizer.AddDummyPrefix || model.Normalizer.RemoveExtraWhitespaces;

    /// <summary>Appends the text of <paramref name="pieces"/>; pieces that the model lacks are appended unchanged.</summary>
    public void Decode(IReadOnlyList<string> pieces, StringBuilder text)
    {
        var (start, bytes, atStart) = (text.Length, new List<byte>(), true);
        foreach (var piece in pieces)
        {
            if (IsByte(piece, out var value))
            {
                bytes.Add(value);
                continue;
            }
            Flush(bytes, text);
            atStart &= text.Length == start;
            PieceType? type = _types.TryGetValue(piece, out var known) ? known : null;
            // One leading space was prepended by the model; if the model removes extra spaces, all leading spaces are dropped.
            var drops = atStart && _dropsLeadingSpace && type is not null && piece[0] == '\u2581';
            text.Append(Surface(drops ? piece[1..] : piece, type));
            atStart &= !drops || model.Normalizer.RemoveExtraWhitespaces;
        }
        Flush(bytes, text);
    }

    private string Surface(string piece, PieceType? type) => type switch
    {
        null => piece,
        PieceType.Control => "",
        PieceType.Unknown => model.Trainer.UnknownSurface,
        _ => piece.Replace('\u2581', ' '),
    };

    private bool IsByte(string piece, out byte value)
    {
        value = 0;
        return _types.GetValueOrDefault(piece) == PieceType.Byte && piece.Length == 6
            && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        if (bytes.Count > 0)
            text.Append(Encoding.UTF8.GetString([.. bytes]));
        bytes.Clear();
    }
}
