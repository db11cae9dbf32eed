using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tokenization.Marian;

/// <summary>Decodes the pieces between special tokens, and appends a space to each special token.</summary>
internal sealed class MarianDecoder(PieceDecoder decoder, HashSet<string> special) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        var pieces = new List<string>();
        foreach (var token in tokens)
        {
            if (!special.Contains(token))
            {
                pieces.Add(token);
                continue;
            }
            decoder.Decode(pieces, text);
            text.Append(token).Append(' ');
            pieces.Clear();
        }
        decoder.Decode(pieces, text);
        return [text.Replace('\u2581', ' ').ToString().Trim()];
    }
}
