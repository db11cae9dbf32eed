namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies when the model is evaluated or the log is written during training.</summary>
public enum IntervalStrategy
{
    /// <summary>Never.</summary>
    No,

    /// <summary>After a given number of updates.</summary>
    Steps,

    /// <summary>At the end of each epoch.</summary>
    Epoch,
}

/// <summary>Specifies when a checkpoint is written.</summary>
public enum SaveStrategy
{
    /// <summary>Never.</summary>
    No,

    /// <summary>After every <see cref="TrainingArguments.SaveSteps"/> updates and at the end of training.</summary>
    Steps,

    /// <summary>At the end of each epoch.</summary>
    Epoch,

    /// <summary>After each evaluation with a new best metric.</summary>
    Best,
}

/// <summary>Specifies which labels the loss of an update is averaged over.</summary>
public enum LossNormalization
{
    /// <summary>All labels of the update, so that accumulating several micro-batches gives the same loss and gradient as one batch with all their examples.</summary>
    Update,

    /// <summary>As Hugging Face Transformers does. There, the losses of BERT and T5 grow with the number of accumulated micro-batches.</summary>
    Original,
}

/// <summary>Specifies the order of the training examples in each epoch.</summary>
public enum TrainSamplingStrategy
{
    /// <summary>A new random permutation in each epoch.</summary>
    Random,

    /// <summary>The order of the dataset.</summary>
    Sequential,

    /// <summary>A random order in which examples of similar length are adjacent, so that batches need little padding.</summary>
    GroupByLength,

    /// <summary>
    /// A random order in which the examples of each update are distributed over its micro-batches so that these have about the same number of tokens, padding
    /// included.
    /// </summary>
    BatchRebalance,
}

/// <summary>Specifies which tokens of the training batches are counted.</summary>
public enum InputTokensSeen
{
    /// <summary>None.</summary>
    No,

    /// <summary>All tokens, including padding.</summary>
    All,

    /// <summary>All tokens except padding.</summary>
    NonPadding,
}
