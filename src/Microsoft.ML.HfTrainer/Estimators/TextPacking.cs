namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies how texts become the examples that a causal language model is trained on.</summary>
public enum TextPacking
{
    /// <summary>Each text is an example. The examples of a batch are padded to the length of the longest one.</summary>
    None,

    /// <summary>
    /// The texts are joined, one after the other, and cut into blocks of the maximum length; only the last block may be shorter. There is no padding. A block may begin in the middle of a text,
    /// and a token attends to all tokens before it in its block, also to those of other texts.
    /// </summary>
    Blocks,

    /// <summary>Each text is an example. The examples of a batch become one row without padding, in which texts do not attend to each other (<see cref="DataCollatorWithFlattening"/>).</summary>
    Flattened,
}
