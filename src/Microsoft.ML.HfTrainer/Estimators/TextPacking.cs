namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies how texts are put into the examples that a causal language model is trained on.</summary>
public enum TextPacking
{
    /// <summary>Each text is an example; those of a batch are padded to the longest one.</summary>
    None,

    /// <summary>
    /// All texts follow one another and are cut into blocks of the maximum length, of which the last one may be shorter: no padding, but a block may begin within a text, and its tokens see
    /// those of the texts before them.
    /// </summary>
    Blocks,

    /// <summary>Each text is an example; those of a batch become one row without padding, in which they do not see each other (<see cref="DataCollatorWithFlattening"/>).</summary>
    Flattened,
}
