using System.Reflection;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.SentencePiece;

/// <summary>The SentencePiece models of the golden tokenizers compared with the vocabularies in their tokenizer.json.</summary>
[TestClass]
[TestCategory("GoldenTokenizers")]
public class GoldenPieces
{
    public static IEnumerable<object[]> Rows => Directory.GetDirectories(Path.Combine(GoldenFolder.Path, "tokenizers")).Order(StringComparer.Ordinal)
        .Where(folder => File.Exists(Path.Combine(folder, "tokenizer.json")))
        .SelectMany(folder => Directory.GetFiles(folder, "*.model"))
        .Select(file => new object[] { Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileName(file) });

    public static string RowName(MethodInfo method, object[] row) => $"{row[0]} / {row[1]}";

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agree(string tokenizer, string file)
    {
        var folder = Path.Combine(GoldenFolder.Path, "tokenizers", tokenizer);
        var model = SentencePieceModel.Read(File.ReadAllBytes(Path.Combine(folder, file)), new LoadContext(tokenizer, file));
        using var json = GoldenFolder.ReadJson(Path.Combine(folder, "tokenizer.json"));
        var vocabulary = json.RootElement.GetProperty("model").GetProperty("vocab");
        var scores = vocabulary.ValueKind == JsonValueKind.Array
            ? vocabulary.EnumerateArray().ToDictionary(entry => entry[0].GetString()!, entry => (double?)entry[1].GetDouble())
            : vocabulary.EnumerateObject().ToDictionary(entry => entry.Name, _ => (double?)null);
        Assert.AreEqual(vocabulary.ValueKind == JsonValueKind.Array ? PieceAlgorithm.Unigram : PieceAlgorithm.Bpe, model.Trainer.Algorithm);
        foreach (var piece in model.Pieces.Where(piece => piece.Type is PieceType.Normal or PieceType.Byte))
        {
            Assert.IsTrue(scores.TryGetValue(piece.Text, out var score), $"'{piece.Text}' is not in tokenizer.json");
            // ALBERT's conversion subtracts 100 from the score of numbers with a comma.
            if (score is not null && score != piece.Score)
                Assert.AreEqual(piece.Score - 100.0, score.Value, 1e-4, piece.Text);
        }
        Assert.AreSequenceEqual(
            model.Pieces.Select(piece => piece.Text).Where(scores.ContainsKey).Where(text => !IsMark(model, text)),
            scores.Keys.Where(text => model.Pieces.Any(piece => piece.Text == text) && !IsMark(model, text)));
    }

    // XLM-RoBERTa's special tokens are in another order than those of the model.
    private static bool IsMark(SentencePieceModel model, string text) =>
        model.Pieces.Any(piece => piece.Text == text && piece.Type is PieceType.Control or PieceType.Unknown);
}
