using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.LanguageModels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.CausalLMTransformer>(Microsoft.ML.HfTrainer.CausalLMTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="CausalLMEstimator"/>.</summary>
public sealed class CausalLMOptions : HfTrainerOptions
{
    /// <summary>
    /// Gets or sets the name of a column of completions (text), which only training and evaluation read. The texts that <c>TokenizeHf</c> tokenizes are then prompts, and the model learns only
    /// the completions. A completion is tokenized by itself, so either it or its prompt has to contain the space between them. Default: null, the model learns the whole text.
    /// </summary>
    public string? CompletionColumnName { get; set; }

    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets or sets the maximum length of a training example in tokens, including the completion; longer examples are cut. With <see cref="TextPacking.Blocks"/> it is the length of the
    /// blocks. Default: null, the maximum length of <c>TokenizeHf</c>.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>Gets or sets how texts are put into examples. Default: <see cref="TextPacking.None"/>.</summary>
    public TextPacking Packing { get; set; }

    /// <summary>
    /// Gets or sets whether each text and each completion ends with the end-of-sequence token of the tokenizer in training, so that the model learns where to end. It has no effect on
    /// chats, whose template ends the answers. Default: true.
    /// </summary>
    public bool AddEndOfSequence { get; set; } = true;

    /// <summary>
    /// Gets or sets the settings of generation, which are saved with the model. If <see cref="GenerationConfig.NumReturnSequences"/> is above 1, the output is a vector of that many texts, the
    /// best first. Default: null, the settings of the model; if they do not limit the length either, 20 tokens are generated.
    /// </summary>
    public GenerationConfig? Generation { get; set; }

    /// <summary>Gets or sets the name of the column of continuations. Default: <c>GeneratedText</c>.</summary>
    public string GeneratedTextColumnName { get; set; } = "GeneratedText";

    /// <summary>Gets or sets the name of the column of the scores of continuations, which exists only if <see cref="GenerationConfig.NumBeams"/> is above 1. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face causal language model on texts, on prompts with completions, or on chats.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.CausalLM`, after `mlContext.Transforms.Text.TokenizeHf`, for chats with `TokenizeHfOptions.ForChat`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf`. In training they are whole texts, or prompts with a column of completions, or chats; in prediction they are prompts, or chats whose
/// next message is the assistant's.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `GeneratedText` | [Text](xref:Microsoft.ML.Data.TextDataViewType), or a vector of it | The continuation, without the prompt; if `Generation.NumReturnSequences` is above 1, a vector of that many, the best first. |
/// | `Score` | [Single](xref:System.Single), or a vector of it | Only if `Generation.NumBeams` is above 1: the sum of the log probabilities of the tokens of each text, divided by its length to the power of `LengthPenalty`. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Language modeling, instruction tuning |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// All weights are trained with cross-entropy of the next token like the Hugging Face Trainer does: of all tokens of a text, of those of the completion alone, or of those of the assistant's
/// answers alone. Evaluations report `perplexity`, the exponential of the mean loss of all predicted tokens.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.CausalLM(CausalLMOptions)"/>
public sealed class CausalLMEstimator : HfEstimator<CausalLMTransformer>
{
    private const string CompletionKind = "column of completions";

    private readonly CausalLMOptions _options;
    private readonly GenerationConfig? _generation;
    private readonly GeneratedColumns _columns;

    internal CausalLMEstimator(MlHost host, CausalLMOptions options) : base(host, options)
    {
        foreach (var name in new[] { options.GeneratedTextColumnName, options.ScoreColumnName, options.CompletionColumnName ?? "none" })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        if (options.MaxLength is < 2)
            throw new ArgumentOutOfRangeException(nameof(options), $"MaxLength is {options.MaxLength}; it should be at least 2, since a token is predicted from the one before it.");
        if (!Enum.IsDefined(options.Packing))
            throw new ArgumentOutOfRangeException(nameof(options), $"Packing is {options.Packing}, which is no {nameof(TextPacking)}.");
        (_options, _generation) = (options, GenerationSettings.Of(options.Generation, options.Arguments));
        _columns = GeneratedColumns.Of(options.GeneratedTextColumnName, options.ScoreColumnName, _generation);
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        if (_options.CompletionColumnName is { } completion)
            TextColumn.Check(Host, shape, completion, CompletionKind);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) => _columns.Shapes();

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var settings = TokenColumns.SettingsOf(schema, _options.TokenColumnPrefix);
        if (settings.Columns.IsChat && _options.CompletionColumnName is { } completion)
            throw Host.Mark(new ArgumentException($"CompletionColumnName is '{completion}', and TokenizeHf reads chats, of which the answers are learned; leave it out."));
        var length = _options.MaxLength ?? settings.MaxLength;
        if (_options.Packing == TextPacking.Blocks && length is null)
            throw Host.Mark(new ArgumentException("Packing is Blocks, and neither the options nor the tokenizer nor the model say how long a block is; set MaxLength."));
        var task = new CausalLMTransformer.Task(_options.TokenColumnPrefix, _columns)
        {
            Learned = new() { Settings = settings, MaxLength = _options.Packing == TextPacking.Blocks ? null : length, EndsTexts = _options.AddEndOfSequence, CompletionColumn = _options.CompletionColumnName },
        };
        return new(task)
        {
            MaxLength = _options.MaxLength,
            Labels = settings.Columns.IsChat
                ? [new TextColumn(settings.Columns.Text, NextTokens.Contents, "column of contents"), new TextColumn(settings.Columns.Pair!, NextTokens.Roles, "column of roles")]
                : _options.CompletionColumnName is { } name ? [new TextColumn(name, NextTokens.Completion, CompletionKind)] : [],
            Prepare = (model, tokenizer) => GenerationSettings.Apply(model, tokenizer, _generation),
            Collator = (_, tokenizer) => _options.Packing == TextPacking.Flattened
                ? new DataCollatorWithFlattening()
                : new DataCollatorForTokenClassification(CausalLMTransformer.Task.PaddingOf(tokenizer), tokenizer.PadTokenTypeId),
            Pack = rows => _options.Packing == TextPacking.Blocks ? TextBlocks.Of(Examples(rows), length!.Value) : Examples(rows),
            Trainer = parts => PerplexityTrainer.Of(parts, _options),
        };

        IEnumerable<Example> Examples(IEnumerable<TaskRow> rows) => rows.SelectMany(task.Learned!.Of).Select(part => part.Example);
    }

    private protected override CausalLMTransformer Create(HfTask task, TrainedModel trained) => new(Host.ForComponent(nameof(CausalLMTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="CausalLMEstimator"/>.</summary>
public sealed class CausalLMTransformer : HfTransformer, ISavedTransformer<CausalLMTransformer>
{
    internal const string LoaderName = "HfCausalLM";

    internal CausalLMTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    /// <summary>Creates a chat client of Microsoft.Extensions.AI that runs the model. The transformer still owns the model: dispose the transformer, not before the client is no longer used.</summary>
    /// <param name="settings">The settings of generation. Those that are not set, or all if null, are taken from the model.</param>
    /// <param name="template">The template and its variables, such as <c>enable_thinking</c>. If null, the tokenizer's default template is used.</param>
    /// <exception cref="ArgumentException">The tokenizer has no chat template.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public HfChatClient AsChatClient(GenerationConfig? settings = null, ChatTemplateOptions? template = null) => new(Model, Tokenizer, settings, template) { BeginUse = BeginUse };

    static ArchiveFormat ISavedTransformer<CausalLMTransformer>.Format => Task.Archive;

    static CausalLMTransformer ISavedTransformer<CausalLMTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.CausalLM);
        return new(host, new Task(archive.ReadText() ?? "", GeneratedColumns.Read(archive)), trained);
    }

    // A piece ends where its text does not, and would be learned as if it did.
    internal sealed class Task(string tokenPrefix, GeneratedColumns columns) : GeneratingTask(
        tokenPrefix, columns, $"to learn all of long texts, set Truncation of TokenizeHf to DoNotTruncate, and Packing of the trainer to {nameof(TextPacking)}.{nameof(TextPacking.Blocks)}.")
    {
        public static ArchiveFormat Archive { get; } = new("HFCAUSAL", LoaderName, 1);

        /// <summary>What training learns of a row.</summary>
        public NextTokens? Learned { get; init; }

        public override ModelHead Head => ModelHead.CausalLM;

        public override ArchiveFormat Format => Archive;

        /// <summary>The id of padding, which is masked and may be any token where the tokenizer has none for it.</summary>
        public static int PaddingOf(HfTokenizer tokenizer) => tokenizer.PadTokenId ?? tokenizer.EosTokenId ?? 0;

        // A prompt is continued at its right end.
        public override IDataCollator Collator(HfTokenizer tokenizer) => new DataCollatorWithPadding(PaddingOf(tokenizer), tokenizer.PadTokenTypeId, Side.Left);

        public override IReadOnlyList<TaskPart> Split(TaskRow row)
        {
            var prompt = NextTokens.Prompt(row);
            return [new(NextTokens.Prompted(prompt.Length == 0 && row.Tokenizer.BosTokenId is { } begin ? [begin] : prompt))];
        }

        public override GeneratedText[] Predict(TrainedModel trained, Batch batch)
        {
            PromptLimit.Check(trained.Model, batch);
            return base.Predict(trained, batch);
        }
    }
}
