using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>
/// A task as it is saved with a trained model: the columns that it reads, how a row becomes examples, and how outputs of the model become columns. What training needs
/// beyond that is a <see cref="TrainingSetup"/>. Cursors, the .zip, batching and all checks are shared and know no task.
/// </summary>
internal abstract class HfTask
{
    /// <summary>The head of the model.</summary>
    public abstract ModelHead Head { get; }

    /// <summary>How the folder of the pretrained model is read. Default: as one of Hugging Face Transformers.</summary>
    public virtual ModelFormat ModelFormat => ModelFormat.Transformers;

    /// <summary>The columns that prediction reads.</summary>
    public abstract TaskInputs Inputs { get; }

    /// <summary>The format of a transformer of the task in a model's .zip.</summary>
    public abstract ArchiveFormat Format { get; }

    /// <summary>Creates the collator of prediction and, unless <see cref="TrainingSetup.Collator"/> is set, of training. Default: padding to the longest example.</summary>
    public virtual IDataCollator Collator(HfTokenizer tokenizer) => new DataCollatorWithPadding(tokenizer);

    /// <summary>
    /// Splits a row into the examples that the model runs on, in training with their labels: one, or several for a text that is longer than the model's positions.
    /// Default: one example of the tokens of the first set, with all values under their feature names.
    /// </summary>
    public virtual IReadOnlyList<TaskPart> Split(TaskRow row) => [new(row.ToExample())];

    /// <summary>Writes what <see cref="TrainedModel"/> does not hold of the task.</summary>
    public abstract void Write(ArchiveWriter archive);

    /// <summary>Creates the mapper that adds the columns of the task to data.</summary>
    /// <param name="runner">Runs the model.</param>
    /// <param name="columns">The columns of <see cref="Inputs"/> in the data.</param>
    /// <param name="check">Refuses examples that the model cannot take.</param>
    public abstract RowMapper Mapper(IModelRunner runner, TaskColumns columns, ModelCheck check);
}

/// <summary>A task whose columns come from one result per row.</summary>
/// <typeparam name="TResult">The result of an example, and of a row.</typeparam>
internal abstract class HfTask<TResult> : HfTask
{
    /// <summary>Runs the model on a batch and returns the result of each example, in order. Called by several threads at once; tensors are freed afterwards.</summary>
    /// <param name="trained">The model, with its tokenizer.</param>
    /// <param name="batch">The batch, on the device of the model.</param>
    public abstract TResult[] Predict(TrainedModel trained, Batch batch);

    /// <summary>Joins the results of the parts that <see cref="HfTask.Split"/> made of a row, in their order. Default: the only one.</summary>
    public virtual TResult Join(TaskRow row, IReadOnlyList<(TaskPart Part, TResult Result)> parts) => parts[0].Result;

    /// <summary>Returns the columns that prediction adds to data.</summary>
    public abstract IReadOnlyList<OutputColumn<TResult>> Outputs(DataViewSchema input);

    public sealed override RowMapper Mapper(IModelRunner runner, TaskColumns columns, ModelCheck check) =>
        new TaskMapper<TResult>(this, runner, columns, check, Outputs(columns.Schema));
}
