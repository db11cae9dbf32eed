using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.LanguageModels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.MaskedLMTransformer>(Microsoft.ML.HfTrainer.MaskedLMTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="MaskedLMEstimator"/>.</summary>
public sealed class MaskedLMOptions : HfTrainerOptions
{
    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>Gets or sets the probability with which a token, or a word, is masked in training and evaluation, above 0 and at most 1. Default: 0.15.</summary>
    public double MlmProbability { get; set; } = 0.15;

    /// <summary>
    /// Gets or sets whether whole words are masked rather than single tokens. <c>TokenizeHf</c> then needs <see cref="TokenizeHfOptions.ReturnOffsets"/>. Default: false.
    /// </summary>
    public bool WholeWordMask { get; set; }

    /// <summary>Gets or sets the number of tokens that are returned for each mask, at least 1. Default: 5.</summary>
    public int TopK { get; set; } = 5;

    /// <summary>Gets or sets the name of the column of the texts whose masks are filled in. Default: <c>FilledText</c>.</summary>
    public string FilledTextColumnName { get; set; } = "FilledText";

    /// <summary>Gets or sets the name of the column of the most probable tokens. Default: <c>PredictedToken</c>.</summary>
    public string PredictedTokenColumnName { get; set; } = "PredictedToken";

    /// <summary>Gets or sets the name of the column of the probabilities of these tokens. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that trains a Hugging Face encoder to fill in masked tokens, which adapts it to the texts of a domain.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.MaskedLM`, after `mlContext.Transforms.Text.TokenizeHf`. Texts need no label. The folder that
/// [SavePretrained](xref:Microsoft.ML.HfTrainer.HfTransformer.SavePretrained(System.String)) writes is then the `Model` of other trainers, such as `SequenceClassification`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf`. In prediction, texts contain the mask token of the tokenizer, such as `[MASK]`.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `FilledText` | [Text](xref:Microsoft.ML.Data.TextDataViewType) | The text, decoded from its tokens, with the most probable token in place of each mask. |
/// | `PredictedToken` | Variable-length vector of [text](xref:Microsoft.ML.Data.TextDataViewType) | The `TopK` most probable tokens for each mask, the best first, one mask after the other; empty for a text without a mask. |
/// | `Score` | Variable-length vector of [Single](xref:System.Single) | The probability of each of these tokens. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Masked language modeling |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// Random tokens are masked anew in each epoch, and all weights are trained with cross-entropy over them like the Hugging Face Trainer does. Evaluations report `perplexity`, the exponential
/// of the mean loss of all masked tokens.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.MaskedLM(MaskedLMOptions)"/>
public sealed class MaskedLMEstimator : HfEstimator<MaskedLMTransformer>
{
    private readonly MaskedLMOptions _options;

    internal MaskedLMEstimator(MlHost host, MaskedLMOptions options) : base(host, options)
    {
        foreach (var name in new[] { options.FilledTextColumnName, options.PredictedTokenColumnName, options.ScoreColumnName })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TopK, 1);
        if (options.MlmProbability is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), FormattableString.Invariant($"MlmProbability is {options.MlmProbability}; it should be above 0 and at most 1."));
        _options = options;
    }

    private protected override void CheckInput(SchemaShape shape) => TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) =>
    [
        SchemaShapes.Column(_options.FilledTextColumnName, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance),
        SchemaShapes.Column(_options.PredictedTokenColumnName, SchemaShape.Column.VectorKind.VariableVector, TextDataViewType.Instance),
        SchemaShapes.Column(_options.ScoreColumnName, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Single),
    ];

    private protected override TrainingSetup Setup(DataViewSchema schema) => new(new MaskedLMTransformer.Task(new()
    {
        TokenPrefix = _options.TokenColumnPrefix,
        TopK = _options.TopK,
        FilledText = _options.FilledTextColumnName,
        PredictedToken = _options.PredictedTokenColumnName,
        Score = _options.ScoreColumnName,
    }))
    {
        // Training reads the same columns once more, with the places of the tokens, by which it tells words apart.
        TargetTokens = _options.WholeWordMask ? [new TokenInput(_options.TokenColumnPrefix) { Requested = [TokenColumn.Offsets] }] : [],
        Collator = (_, tokenizer) => new DataCollatorForLanguageModeling(tokenizer, wholeWordMask: _options.WholeWordMask, mlmProbability: _options.MlmProbability),
        Trainer = parts => PerplexityTrainer.Of(parts, _options),
    };

    private protected override MaskedLMTransformer Create(HfTask task, TrainedModel trained) => new(Host.ForComponent(nameof(MaskedLMTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="MaskedLMEstimator"/>.</summary>
public sealed class MaskedLMTransformer : HfTransformer, ISavedTransformer<MaskedLMTransformer>
{
    internal const string LoaderName = "HfMaskedLM";

    internal MaskedLMTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<MaskedLMTransformer>.Format => Task.Archive;

    static MaskedLMTransformer ISavedTransformer<MaskedLMTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.MaskedLM);
        return new(host, new Task(Settings.Read(archive)), trained);
    }

    internal sealed record Settings
    {
        public required string TokenPrefix { get; init; }

        public required int TopK { get; init; }

        public required string FilledText { get; init; }

        public required string PredictedToken { get; init; }

        public required string Score { get; init; }

        public void Write(ArchiveWriter archive)
        {
            archive.Write(TokenPrefix);
            archive.Write(TopK);
            foreach (var name in new[] { FilledText, PredictedToken, Score })
                archive.Write(name);
        }

        public static Settings Read(ArchiveReader archive) => new()
        {
            TokenPrefix = archive.ReadText() ?? "",
            TopK = archive.ReadInt(),
            FilledText = archive.ReadName(),
            PredictedToken = archive.ReadName(),
            Score = archive.ReadName(),
        };
    }

    internal sealed class Task(Settings settings) : HfTask<FilledText>
    {
        public static ArchiveFormat Archive { get; } = new("HFMASKED", LoaderName, 1);

        public override ModelHead Head => ModelHead.MaskedLM;

        public override TaskInputs Inputs { get; } = new(new TokenInput(settings.TokenPrefix));

        public override ArchiveFormat Format => Archive;

        public override IReadOnlyList<TaskPart> Split(TaskRow row)
        {
            var example = row.Tokens[0].ToExample();
            if (row.Tokens is [_, { Offsets: var offsets } located])
                example["offset_mapping"] = new Feature(offsets, located.Length, 2);
            return [new(example)];
        }

        public override FilledText[] Predict(TrainedModel trained, Batch batch)
        {
            var tokenizer = trained.Tokenizer;
            var logits = trained.Model.call(batch).Logits;
            var (ids, mask) = (batch.Get("input_ids"), batch.Get("attention_mask"));
            var (foundIds, foundScores) = Best(logits, ids.eq(tokenizer.MaskTokenId ?? -1));
            var (rows, real) = (ids.cpu().data<long>().ToArray().Chunk((int)ids.shape[1]).ToArray(), mask.cpu().data<long>().ToArray().Chunk((int)ids.shape[1]).ToArray());
            var (results, next) = (new FilledText[rows.Length], 0);
            for (var row = 0; row < rows.Length; row++)
            {
                var first = next;
                var filled = rows[row].Where((_, i) => real[row][i] != 0).Select(id => id == tokenizer.MaskTokenId ? (int)foundIds[next++][0] : (int)id).ToArray();
                results[row] = new FilledText(
                    tokenizer.Decode(filled), [.. foundIds[first..next].SelectMany(tokens => tokens).Select(id => tokenizer.Decode([(int)id]))], [.. foundScores[first..next].SelectMany(own => own)]);
            }
            return results;
        }

        // Of all tokens, only the masks are normalized and sorted.
        private (long[][] Ids, float[][] Scores) Best(Tensor logits, Tensor isMasked)
        {
            var masked = logits[isMasked].to(ScalarType.Float32);
            if (masked.shape[0] == 0)
                return ([], []);
            var count = (int)Math.Min(settings.TopK, masked.shape[1]);
            var (scores, best) = nn.functional.softmax(masked, -1).topk(count);
            return (best.cpu().data<long>().ToArray().Chunk(count).ToArray(), scores.cpu().data<float>().ToArray().Chunk(count).ToArray());
        }

        public override IReadOnlyList<OutputColumn<FilledText>> Outputs(DataViewSchema input) =>
        [
            OutputColumn<FilledText>.Scalar(new(settings.FilledText, TextDataViewType.Instance), text => text.Text.AsMemory()),
            OutputColumn<FilledText>.Vector(new(settings.PredictedToken, new VectorDataViewType(TextDataViewType.Instance)), text => Array.ConvertAll(text.Tokens, token => token.AsMemory())),
            OutputColumn<FilledText>.Vector(new(settings.Score, new VectorDataViewType(NumberDataViewType.Single)), text => text.Scores),
        ];

        public override void Write(ArchiveWriter archive) => settings.Write(archive);
    }
}
