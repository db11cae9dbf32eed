namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>How likely numbers are, going by those that were seen.</summary>
internal interface IParzenDensity
{
    double Draw(SearchRandom random);

    /// <summary>The density, or the probability where there are only so many numbers.</summary>
    double At(double number);
}
