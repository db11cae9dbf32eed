namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies which tokens of a word have its label.</summary>
public enum WordLabels
{
    /// <summary>The first token; the others are ignored by losses and metrics (-100).</summary>
    FirstToken,

    /// <summary>All tokens.</summary>
    AllTokens,

    /// <summary>All tokens; those after the first have the label that continues the entity: I-PER for a word with B-PER.</summary>
    AllTokensContinued,
}
