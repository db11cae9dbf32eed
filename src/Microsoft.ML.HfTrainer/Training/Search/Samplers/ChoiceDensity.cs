namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>Choices: each that was seen stands for itself, with some of its weight spread over all; the prior knows no difference.</summary>
internal sealed class ChoiceDensity : IParzenDensity
{
    private readonly double[] _probabilities;

    public ChoiceDensity(int choices, double[] seen)
    {
        var weights = ParzenWeights.WithPrior(seen.Length);
        var spread = 1.0 / weights.Length;
        _probabilities = new double[choices];
        Array.Fill(_probabilities, weights[^1] / choices);
        for (var i = 0; i < seen.Length; i++)
            for (var choice = 0; choice < choices; choice++)
                _probabilities[choice] += weights[i] * (spread + (choice == (int)seen[i] ? 1 : 0)) / (1 + spread * choices);
    }

    public double Draw(SearchRandom random) => random.NextIndex(_probabilities);

    public double At(double number) => _probabilities[(int)number];
}
