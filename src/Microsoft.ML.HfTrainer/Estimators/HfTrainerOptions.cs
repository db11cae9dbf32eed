namespace Microsoft.ML.HfTrainer;

/// <summary>Options shared by all estimators of <see cref="HfTrainerCatalog"/>.</summary>
public abstract class HfTrainerOptions
{
    private protected HfTrainerOptions()
    {
    }

    /// <summary>
    /// Gets or sets the pretrained model: a folder, or an id on the Hugging Face hub. Default: null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>
    /// Gets or sets a fitted transformer whose model is trained further, in place of <see cref="Model"/>: on new data, or for another task, in which case the head is new. The data has to be
    /// tokenized with the same tokenizer. The transformer itself does not change. Default: null, <see cref="Model"/> is trained.
    /// </summary>
    public HfTransformer? WarmStart { get; set; }

    /// <summary>Gets or sets the revision, the token and the cache for a model from the hub. Default: null, the settings of the environment.</summary>
    public HubOptions? Hub { get; set; }

    /// <summary>Gets or sets the data to evaluate on while training. Default: null. For several sets use <see cref="ValidationSets"/>.</summary>
    /// <remarks>
    /// This is either data that the steps before the trainer have transformed, or the pipeline's raw input. Raw input is tokenized like the training data, from columns
    /// of the same names, and its labels are looked up among the KeyValues of the training data; it needs the label under the trainer's name for it.
    /// </remarks>
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// Gets several validation sets by name, in place of <see cref="ValidationSet"/>. Their metrics are named <c>eval_{name}_loss</c> and so on. Default: empty.
    /// </summary>
    public IDictionary<string, IDataView> ValidationSets { get; } = new Dictionary<string, IDataView>();

    /// <summary>
    /// Gets or sets the arguments of training: batch sizes, number of epochs and so on. <c>Fit</c> works on a copy. Default: those of the Hugging Face Trainer, but no
    /// folder is written.
    /// </summary>
    public TrainingArguments Arguments { get; set; } = new();

    /// <summary>Gets the callbacks that watch and steer the run, such as <see cref="EarlyStoppingCallback"/>. Default: none.</summary>
    public IList<ITrainerCallback> Callbacks { get; } = [];

    /// <summary>
    /// Gets or sets the memory, in bytes, that tokenized data may take, training and validation data together. The rest goes to a temporary file, so that data may be
    /// larger than memory. Default: <see cref="Dataset.DefaultMemoryBudget"/>.
    /// </summary>
    public long DataMemoryBudget { get; set; } = Dataset.DefaultMemoryBudget;

    /// <summary>Gets or sets the function that computes metrics from the predictions of an evaluation. Default: null, the metrics of the task.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; set; }

    /// <summary>Gets or sets the loss function. Default: null, the loss of the task.</summary>
    public LossFunction? ComputeLossFunc { get; set; }

    /// <summary>
    /// Gets or sets the function that creates the collator of training and evaluation batches from the model and the tokenizer. Predictions are collated by the task.
    /// Default: null, the collator of the task.
    /// </summary>
    public Func<PretrainedModel, HfTokenizer, IDataCollator>? DataCollator { get; set; }

    /// <summary>
    /// Gets or sets the function that creates the optimizer from the trainer, whose model is on its device by then. The trainer disposes it. Default: null, the optimizer
    /// that <see cref="TrainingArguments.Optim"/> names.
    /// </summary>
    public Func<Trainer, Optimizer>? OptimizerFactory { get; set; }

    /// <summary>
    /// Gets or sets the function that creates the learning-rate schedule from the optimizer and the number of updates of the run. Default: null, the schedule that
    /// <see cref="TrainingArguments.LrSchedulerType"/> names.
    /// </summary>
    public Func<Optimizer, int, LearningRateScheduler>? SchedulerFactory { get; set; }

    /// <summary>
    /// Gets or sets the function that creates the trainer, for a class of your own that derives from <see cref="Trainer"/>:
    /// <c>TrainerFactory = parts => new MyTrainer(parts)</c>. Default: null, the trainer of the task.
    /// </summary>
    /// <remarks>Such a trainer creates its optimizer itself, so that <see cref="OptimizerFactory"/> and <see cref="SchedulerFactory"/> cannot be set as well.</remarks>
    public Func<TrainerParts, Trainer>? TrainerFactory { get; set; }

    /// <summary>
    /// Gets or sets the options of a hyperparameter search: <c>Fit</c> trains once per trial, evaluates on <see cref="ValidationSet"/> or <see cref="ValidationSets"/>,
    /// and returns the best model. Default: null, one training with <see cref="Arguments"/>.
    /// </summary>
    /// <remarks>If <see cref="TrainingArguments.OutputDir"/> is set, an interrupted search continues with the next <c>Fit</c>.</remarks>
    public HyperparameterSearchOptions? Search { get; set; }

    /// <summary>Gets or sets the implementation of attention. Default: <see cref="AttentionImplementation.Sdpa"/>.</summary>
    public AttentionImplementation Attention { get; set; }
}
