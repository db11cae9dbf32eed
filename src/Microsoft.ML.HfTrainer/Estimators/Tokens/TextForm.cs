namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>What the text columns of a row hold.</summary>
internal enum TextForm
{
    /// <summary>A text or a pair of texts, or their words, by the type of the columns.</summary>
    Plain,

    /// <summary>A text or a pair of texts, which are split at white space into words.</summary>
    SplitAtSpaces,

    /// <summary>A text, and a vector of texts with each of which it is paired.</summary>
    Choices,

    /// <summary>The contents and the roles of the messages of a chat.</summary>
    Chat,
}
