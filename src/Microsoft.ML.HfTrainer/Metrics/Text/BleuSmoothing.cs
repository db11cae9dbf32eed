namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the precision that BLEU uses for an n-gram order without a match (Chen and Cherry 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>Counts 1/2 match for the first order without a match, 1/4 for the second, and so on. The default of sacrebleu.</summary>
    Exponential,

    /// <summary>A small number of matches, 0.1 by default.</summary>
    Floor,

    /// <summary>Adds a number, 1 by default, to the matches and the n-grams of every order from 2 on.</summary>
    AddK,

    /// <summary>No smoothing: BLEU is 0.</summary>
    None,
}
