namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>The parts of a task that only training needs, once the schema of the training data is known.</summary>
/// <param name="Task">The task as it will be saved.</param>
internal sealed record TrainingSetup(HfTask Task)
{
    /// <summary>Columns that only training and evaluation read, such as labels.</summary>
    public IReadOnlyList<ValueColumn> Labels { get; init; } = [];

    /// <summary>Token sets that only training and evaluation read, such as target texts.</summary>
    public IReadOnlyList<TokenInput> TargetTokens { get; init; } = [];

    /// <summary>The maximum length of examples by the options; null if they set none.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How the pretrained model is loaded: its classes and its loss.</summary>
    public FromPretrainedOptions Model { get; init; } = new();

    /// <summary>false to take the pretrained model as it is. Default: true.</summary>
    public bool Trains { get; init; } = true;

    /// <summary>Changes the loaded model before it is trained, such as the settings by which it generates; null if it is trained as it is.</summary>
    public Action<PretrainedModel, HfTokenizer>? Prepare { get; init; }

    /// <summary>The loss; null for the model's own.</summary>
    public LossFunction? Loss { get; init; }

    /// <summary>The metrics of evaluations; null for the loss alone.</summary>
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Metrics { get; init; }

    /// <summary>Creates the collator of training; null for that of prediction.</summary>
    public Func<PretrainedModel, HfTokenizer, IDataCollator>? Collator { get; init; }

    /// <summary>Creates the trainer of tasks that have one of their own.</summary>
    public Func<TrainerParts, Trainer>? Trainer { get; init; }

    /// <summary>Makes examples of all rows; null if each row makes its own, by <see cref="HfTask.Split"/>. Packing puts several rows into one example.</summary>
    public Func<IEnumerable<TaskRow>, IEnumerable<Example>>? Pack { get; init; }

    /// <summary>
    /// Makes examples of the rows of a validation set; null if as of the training data. They may have features that the model does not take, for metrics to read
    /// (<see cref="EvalPrediction.Dataset"/>).
    /// </summary>
    public Func<IEnumerable<TaskRow>, IEnumerable<Example>>? PackValidation { get; init; }

    /// <summary>All columns that training reads.</summary>
    public TaskInputs Inputs => Task.Inputs.And(TargetTokens, Labels);

    /// <summary>Makes the examples of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="isValidation">true if they are those of a validation set.</param>
    public IEnumerable<Example> Examples(IEnumerable<TaskRow> rows, bool isValidation) =>
        ((isValidation ? PackValidation : null) ?? Pack) is { } pack ? pack(rows) : rows.SelectMany(Task.Split).Select(part => part.Example);
}
