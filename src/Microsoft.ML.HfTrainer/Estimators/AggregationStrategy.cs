namespace Microsoft.ML.HfTrainer;

/// <summary>
/// How the tags of tokens become entities (<c>aggregation_strategy</c> of the Hugging Face token classification pipeline). A word may consist of several tokens, whose tags
/// may differ.
/// </summary>
public enum AggregationStrategy
{
    /// <summary>Each token whose tag is not <c>O</c> is an entity of its own, with its tag as the label.</summary>
    None,

    /// <summary>Neighboring tokens with tags of one type form an entity. Words can be torn apart.</summary>
    Simple,

    /// <summary>A word has the tag of its first token, and neighboring words with tags of one type form an entity.</summary>
    First,

    /// <summary>A word has the tag with the highest mean probability over its tokens, and neighboring words with tags of one type form an entity.</summary>
    Average,

    /// <summary>A word has the tag of its token with the highest probability, and neighboring words with tags of one type form an entity.</summary>
    Max,
}
