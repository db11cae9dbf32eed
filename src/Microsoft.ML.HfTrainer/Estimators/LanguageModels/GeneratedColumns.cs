using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>The texts that were generated for a row, the best first.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Scores">Their scores in beam search; empty without beams.</param>
internal sealed record GeneratedText(string[] Texts, float[] Scores);

/// <summary>The columns of generated texts: one text, or a vector of several, and their scores if beam search finds them.</summary>
/// <param name="Text">The name of the column of texts.</param>
/// <param name="Score">The name of the column of scores.</param>
/// <param name="Count">The number of texts of a row.</param>
/// <param name="HasScores">true if there is a column of scores.</param>
internal sealed record GeneratedColumns(string Text, string Score, int Count, bool HasScores)
{
    /// <summary>The columns that settings lead to.</summary>
    public static GeneratedColumns Of(string text, string score, GenerationConfig? settings) => new(text, score, settings?.NumReturnSequences ?? 1, settings?.NumBeams > 1);

    /// <summary>The shapes of the columns.</summary>
    public IEnumerable<SchemaShape.Column> Shapes()
    {
        var kind = Count == 1 ? SchemaShape.Column.VectorKind.Scalar : SchemaShape.Column.VectorKind.Vector;
        yield return SchemaShapes.Column(Text, kind, TextDataViewType.Instance);
        if (HasScores)
            yield return SchemaShapes.Column(Score, kind, NumberDataViewType.Single);
    }

    /// <summary>The columns with their values.</summary>
    public IReadOnlyList<OutputColumn<GeneratedText>> Outputs()
    {
        var text = Column(Text, TextDataViewType.Instance, result => Array.ConvertAll(result.Texts, found => found.AsMemory()));
        return HasScores ? [text, Column(Score, NumberDataViewType.Single, result => result.Scores)] : [text];
    }

    /// <summary>Generates the texts of a batch.</summary>
    public GeneratedText[] Generate(TrainedModel trained, Batch batch)
    {
        var settings = new GenerationConfig { NumReturnSequences = Count };
        var output = trained.Model.Generate(batch.Get("input_ids"), batch.Find("attention_mask"), settings, new GenerationOptions { Tokenizer = trained.Tokenizer });
        var texts = output.NewTokens.Select(tokens => trained.Tokenizer.Decode(tokens)).Chunk(Count);
        var scores = !HasScores ? [] : output.SequenceScores?.cpu().data<float>().ToArray().Chunk(Count).ToArray() ?? throw new InvalidOperationException(
            $"The column '{Score}' has the scores of beam search, and NumBeams of the model's GenerationConfig is {trained.Model.CurrentGenerationConfig().NumBeams ?? 1}; set it to what it was when the model was trained.");
        return [.. texts.Select((own, row) => new GeneratedText(own, HasScores ? scores[row] : []))];
    }

    public void Write(ArchiveWriter archive)
    {
        archive.Write(Text);
        archive.Write(Score);
        archive.Write(Count);
        archive.Write(HasScores ? 1 : 0);
    }

    public static GeneratedColumns Read(ArchiveReader archive) => new(archive.ReadName(), archive.ReadName(), archive.ReadInt(), archive.ReadInt() == 1);

    private OutputColumn<GeneratedText> Column<TValue>(string name, PrimitiveDataViewType type, Func<GeneratedText, TValue[]> values) => Count == 1
        ? OutputColumn<GeneratedText>.Scalar(new DataViewSchema.DetachedColumn(name, type), result => values(result)[0])
        : OutputColumn<GeneratedText>.Vector(new DataViewSchema.DetachedColumn(name, new VectorDataViewType(type, Count)), values);
}
