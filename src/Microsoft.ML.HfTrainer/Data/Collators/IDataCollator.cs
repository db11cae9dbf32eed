namespace Microsoft.ML.HfTrainer;

/// <summary>Makes one batch of tensors of several examples.</summary>
public interface IDataCollator
{
    /// <summary>The tokenizer that it pads with, which checkpoints get where the trainer was given none; null for none.</summary>
    HfTokenizer? Tokenizer => null;

    /// <summary>
    /// Whether it draws random numbers. Such a collator is called when a batch is asked for, on that thread, in the batches' order and never
    /// ahead; others may be called from several threads at once.
    /// </summary>
    bool DrawsRandomNumbers => false;

    /// <summary>The batch; its tensors belong to no dispose scope.</summary>
    Batch Collate(IReadOnlyList<Example> examples);
}
