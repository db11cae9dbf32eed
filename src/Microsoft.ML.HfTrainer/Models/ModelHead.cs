namespace Microsoft.ML.HfTrainer;

/// <summary>What stands on top of a model's body.</summary>
public enum ModelHead
{
    /// <summary>Nothing: hidden states, and what the body makes of a whole text if it has a pooler.</summary>
    Base,

    /// <summary>A class, classes or numbers for a whole text.</summary>
    SequenceClassification,

    /// <summary>A class for each token.</summary>
    TokenClassification,

    /// <summary>Where the answer to a question begins and ends in a text.</summary>
    QuestionAnswering,

    /// <summary>The tokens that were masked in a text.</summary>
    MaskedLM,

    /// <summary>The next token of a text.</summary>
    CausalLM,

    /// <summary>A text of its own for a text.</summary>
    Seq2SeqLM,

    /// <summary>One of several texts.</summary>
    MultipleChoice,

    /// <summary>A vector for a whole text, such that texts of alike meaning lie near each other.</summary>
    SentenceEmbedding,
}
