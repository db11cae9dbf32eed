namespace Microsoft.ML.HfTrainer;

/// <summary>What BLEU takes for the precision of an n-gram length of which nothing matched (Chen and Cherry 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>Half of the length before, and so on: the usual one.</summary>
    Exponential,

    /// <summary>A small count of matches, 0.1 unless set.</summary>
    Floor,

    /// <summary>A number, 1 unless set, is added to matches and to n-grams of every length from two on.</summary>
    AddK,

    /// <summary>Nothing: BLEU is 0 then.</summary>
    None,
}
