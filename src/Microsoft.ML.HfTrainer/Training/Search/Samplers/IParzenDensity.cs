namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>A probability density estimated from observed numbers.</summary>
internal interface IParzenDensity
{
    double Draw(SearchRandom random);

    /// <summary>Returns the density at a number, or its probability if the distribution is discrete.</summary>
    double At(double number);
}
