namespace Microsoft.ML.HfTrainer;

/// <summary>What all trainers of <see cref="HfTrainerCatalog"/> are set by.</summary>
public abstract class HfTrainerOptions
{
    private protected HfTrainerOptions()
    {
    }

    /// <summary>
    /// The pretrained model: a folder, or an id on the Hugging Face hub. Default: null, the model that <c>TokenizeHf</c> has its tokenizer from.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>How a model is fetched from the hub: revision, token, cache. Default: null, as the environment says.</summary>
    public HubOptions? Hub { get; set; }

    /// <summary>Data to evaluate on while training. Default: null.</summary>
    /// <remarks>
    /// Either data that the steps before the trainer have transformed, or the pipeline's raw input: it is then tokenised like the training data, from
    /// columns of the same names, and its labels are looked up among the training data's KeyValues. Raw data needs the label under the trainer's name for it.
    /// </remarks>
    public IDataView? ValidationSet { get; set; }

    /// <summary>Batch sizes, epochs and the rest; <c>Fit</c> works on a copy. Default: the original's defaults, and no folder is written.</summary>
    public TrainingArguments Arguments { get; set; } = new();

    /// <summary>What watches and steers the run, such as <see cref="EarlyStoppingCallback"/>. Default: none.</summary>
    public IList<ITrainerCallback> Callbacks { get; } = [];

    /// <summary>
    /// The bytes of memory that tokenised data may take, training and validation data together; what is more goes to a temporary file, so that data may be
    /// larger than memory. Default: <see cref="Dataset.DefaultMemoryBudget"/>.
    /// </summary>
    public long DataMemoryBudget { get; set; } = Dataset.DefaultMemoryBudget;

    /// <summary>Metrics of evaluations by name. Default: null, those of the task.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; set; }

    /// <summary>
    /// Searches for hyperparameters: <c>Fit</c> trains once for each trial, evaluates on <see cref="ValidationSet"/>, and gives the best model back. Default:
    /// null, one training with <see cref="Arguments"/> as they are.
    /// </summary>
    /// <remarks>Where <see cref="TrainingArguments.OutputDir"/> is set, a search that was broken off goes on with the next <c>Fit</c>.</remarks>
    public HyperparameterSearchOptions? Search { get; set; }

    /// <summary>How attention is computed. Default: <see cref="AttentionImplementation.Sdpa"/>.</summary>
    public AttentionImplementation Attention { get; set; }
}
