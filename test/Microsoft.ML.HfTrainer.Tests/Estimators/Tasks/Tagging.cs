using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Tests.Estimators.Tasks;
using static TorchSharp.torch;

[assembly: SavedTransformer<TaggingTransformer>(TaggingTask.LoaderName)]

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tasks;

internal sealed class TaggingOptions : HfTrainerOptions;

/// <summary>Tags each word of a text of any length: a label per word, windows over long texts, and the head of tokens.</summary>
internal sealed class TaggingEstimator(MLContext ml, TaggingOptions options) : HfEstimator<TaggingTransformer>(MlHost.For(ml, "Tagging"), options)
{
    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, "");
        if (!shape.Find("Tags", out var tags) || !tags.Value.IsKey)
            throw Host.SchemaError("There is no column of tags 'Tags'.");
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) =>
    [
        SchemaShapes.Column("PredictedTags", SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt32, isKey: true),
        SchemaShapes.Column("Scores", SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Single),
    ];

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var classes = (int)((KeyDataViewType)((VectorDataViewType)schema["Tags"].Type).ItemType).Count;
        return new(new TaggingTask(classes))
        {
            Labels = [new TagColumn()],
            Model = new() { NumLabels = classes, IgnoreMismatchedSizes = true },
            Collator = (_, tokenizer) => new DataCollatorForTokenClassification(tokenizer),
        };
    }

    private protected override TaggingTransformer Create(HfTask task, TrainedModel trained) => new(Host, task, trained);

    private sealed class TagColumn() : ValueColumn("Tags", Batch.Labels)
    {
        public override string Kind => "column of tags";

        public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
        {
            var (getter, keys) = (row.GetGetter<VBuffer<uint>>(column), default(VBuffer<uint>));
            return _ =>
            {
                getter(ref keys);
                return Array.ConvertAll(keys.DenseValues().ToArray(), key => (int)key - 1);
            };
        }
    }
}

internal sealed class TaggingTransformer(MlHost host, HfTask task, TrainedModel trained) : HfTransformer(host, task, trained), ISavedTransformer<TaggingTransformer>
{
    static ArchiveFormat ISavedTransformer<TaggingTransformer>.Format => TaggingTask.Archive;

    static TaggingTransformer ISavedTransformer<TaggingTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.TokenClassification);
        return new(host, new TaggingTask(archive.ReadInt()), trained);
    }
}

// The result is the scores of the classes of each token and, once the windows are joined, of each word.
internal sealed class TaggingTask(int classes) : HfTask<float[][]>
{
    public const string LoaderName = "HfTestTagging";

    public const int MaxLength = 16, Stride = 4;

    public static ArchiveFormat Archive { get; } = new("HFTSTTAG", LoaderName, 1);

    public override ModelHead Head => ModelHead.TokenClassification;

    public override TaskInputs Inputs { get; } = new(new TokenInput("") { Requested = [TokenColumn.WordIds, TokenColumn.SequenceIds] });

    public override ArchiveFormat Format => Archive;

    public override IReadOnlyList<Example> Split(TaskRow row)
    {
        var tags = row[Batch.Labels];
        return [.. Windows(row).Select(window =>
        {
            var example = window.Tokens.ToExample();
            if (!tags.IsDefault)
                example[Batch.Labels] = Array.ConvertAll(FirstPieces(window), word => word < 0 ? Batch.IgnoredLabel : tags.Integers.Span[word]);
            return example;
        })];
    }

    public override float[][][] Predict(PretrainedModel model, Batch batch)
    {
        var scores = nn.functional.softmax(model.call(batch).Logits, -1).cpu();
        var tokens = scores.data<float>().ToArray().Chunk(classes).ToArray();
        return [.. tokens.Chunk((int)scores.shape[1])];
    }

    // A word in two windows has the scores of the one in which more text is around it.
    public override float[][] Join(TaskRow row, float[][][] parts)
    {
        var words = new SortedDictionary<int, (int Around, float[] Scores)>();
        foreach (var (window, scores) in Windows(row).Zip(parts))
            foreach (var (place, word) in FirstPieces(window).Index())
                if (word >= 0 && Math.Min(place, window.Tokens.Length - place) is var around && (!words.TryGetValue(word, out var other) || around > other.Around))
                    words[word] = (around, scores[place]);
        return [.. words.Values.Select(word => word.Scores)];
    }

    public override IReadOnlyList<OutputColumn<float[][]>> Outputs(DataViewSchema input) =>
    [
        OutputColumn<float[][]>.Vector(
            new("PredictedTags", new VectorDataViewType(new KeyDataViewType(typeof(uint), classes))),
            words => Array.ConvertAll(words, word => (uint)Array.IndexOf(word, word.Max()) + 1)),
        OutputColumn<float[][]>.Vector(new("Scores", new VectorDataViewType(NumberDataViewType.Single)), words => words.SelectMany(word => word).ToArray()),
    ];

    public override void Write(ArchiveWriter archive) => archive.Write(classes);

    private static IReadOnlyList<TokenWindow> Windows(TaskRow row) => TokenWindow.Cut(row.Tokens[0], MaxLength, Stride);

    // The word of each token that begins one, -1 for the others.
    private static int[] FirstPieces(TokenWindow window)
    {
        var words = window.Tokens.WordIds.ToArray();
        return [.. words.Select((word, i) => i > 0 && words[i - 1] == word ? -1 : word)];
    }
}
