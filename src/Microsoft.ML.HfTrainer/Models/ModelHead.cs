namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the head of a model.</summary>
public enum ModelHead
{
    /// <summary>No head: hidden states, and the pooler's vector if the architecture has a pooler.</summary>
    Base,

    /// <summary>One or several classes, or numbers, for each text.</summary>
    SequenceClassification,

    /// <summary>A class for each token.</summary>
    TokenClassification,

    /// <summary>The start and end of the answer to a question in a text (extractive question answering).</summary>
    QuestionAnswering,

    /// <summary>The masked tokens of a text.</summary>
    MaskedLM,

    /// <summary>The next token of a text.</summary>
    CausalLM,

    /// <summary>A target text for a source text (translation, summarization).</summary>
    Seq2SeqLM,

    /// <summary>The right one of several texts.</summary>
    MultipleChoice,

    /// <summary>A vector for each text, near to those of texts with a similar meaning.</summary>
    SentenceEmbedding,
}
