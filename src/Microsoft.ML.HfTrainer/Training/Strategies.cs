namespace Microsoft.ML.HfTrainer;

/// <summary>When something is done during training.</summary>
public enum IntervalStrategy
{
    /// <summary>Never.</summary>
    No,

    /// <summary>Every so many updates.</summary>
    Steps,

    /// <summary>At the end of each epoch.</summary>
    Epoch,
}

/// <summary>When a checkpoint is written.</summary>
public enum SaveStrategy
{
    /// <summary>Never.</summary>
    No,

    /// <summary>Every <see cref="TrainingArguments.SaveSteps"/> updates, and at the end.</summary>
    Steps,

    /// <summary>At the end of each epoch.</summary>
    Epoch,

    /// <summary>After each evaluation that is better than all before.</summary>
    Best,
}

/// <summary>Over which labels an update's loss is averaged.</summary>
public enum LossNormalization
{
    /// <summary>All labels of the update, so that accumulating several micro-batches equals one batch of all their examples.</summary>
    Update,

    /// <summary>As the original does, whose BERT and T5 losses grow with the number of accumulated micro-batches.</summary>
    Original,
}

/// <summary>Where random numbers of dropout come from.</summary>
public enum RandomStream
{
    /// <summary>A stream of its own, drawn many numbers at a time, over batches without padding: the same statistics, faster.</summary>
    Fast,

    /// <summary>The original's stream over padded batches: the same seed gives the same masks, and so the same losses, as in Python on the CPU.</summary>
    Reference,
}

/// <summary>The order in which training goes through its examples.</summary>
public enum TrainSamplingStrategy
{
    /// <summary>A new permutation in each epoch.</summary>
    Random,

    /// <summary>The order of the dataset.</summary>
    Sequential,

    /// <summary>At random, but examples of about the same length stand together, so that batches have little padding.</summary>
    GroupByLength,

    /// <summary>At random, but the examples of each update are dealt to its micro-batches so that each has about as many tokens, padding included.</summary>
    BatchRebalance,
}

/// <summary>Which tokens that a model was trained on are counted.</summary>
public enum InputTokensSeen
{
    /// <summary>None.</summary>
    No,

    /// <summary>All, padding included.</summary>
    All,

    /// <summary>Those that are not padding.</summary>
    NonPadding,
}
