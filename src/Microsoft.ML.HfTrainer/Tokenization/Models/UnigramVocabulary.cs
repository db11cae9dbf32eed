using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Reads the vocabulary of a Unigram model: an array of pieces, each <c>[text, score]</c>.</summary>
internal static class UnigramVocabulary
{
    public static (Vocabulary Vocabulary, double[] Scores) Read(PartReader json)
    {
        if (json.Element.ValueKind != JsonValueKind.Array)
            throw json.Error("it must be an array of pieces, each of the form [text, score].");
        var texts = new List<string>(json.Element.GetArrayLength());
        var scores = new double[texts.Capacity];
        foreach (var piece in json.Element.EnumerateArray())
        {
            var id = texts.Count;
            if (piece.ValueKind != JsonValueKind.Array || piece.GetArrayLength() != 2 || piece[0].ValueKind != JsonValueKind.String
                || piece[1].ValueKind != JsonValueKind.Number || !JsonDecimal.TryParse(JsonMarshal.GetRawUtf8Value(piece[1]), out var score))
            {
                var found = piece.GetRawText();
                throw json.Error($"the piece {id} is {(found.Length > 40 ? found[..40] + "..." : found)}; it must have the form [text, score].");
            }
            texts.Add(piece[0].GetString()!);
            scores[id] = score;
        }
        return (Vocabulary.FromPieces(texts), scores);
    }
}
