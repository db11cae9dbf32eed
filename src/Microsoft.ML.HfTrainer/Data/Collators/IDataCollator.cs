namespace Microsoft.ML.HfTrainer;

/// <summary>Collates several examples into a batch of tensors.</summary>
public interface IDataCollator
{
    /// <summary>Gets the tokenizer of the collator, which is saved with checkpoints if the trainer has none, or null if there is none.</summary>
    HfTokenizer? Tokenizer => null;

    /// <summary>
    /// Gets whether the collator draws random numbers. If so, it is called in the order of the batches, on the thread that requests them; otherwise it may be called in
    /// advance, from several threads concurrently.
    /// </summary>
    bool DrawsRandomNumbers => false;

    /// <summary>
    /// Gets the names of the features that the collator reads besides those of the model, such as <c>offset_mapping</c>, so that they are not left out of its examples
    /// (<see cref="TrainingArguments.RemoveUnusedColumns"/>). Default: none.
    /// </summary>
    IReadOnlyCollection<string> InputNames => [];

    /// <summary>
    /// Gets or sets the state of the collator's own random generator, which checkpoints contain, so that a resumed run draws the same numbers; null if the collator has no
    /// generator of its own.
    /// </summary>
    byte[]? RandomState
    {
        get => null;
        set
        {
        }
    }

    /// <summary>Returns the batch of the examples. Its tensors belong to no dispose scope.</summary>
    Batch Collate(IReadOnlyList<Example> examples);
}
