namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>The density of choices: each observed choice has most of its weight, the rest is spread over all choices; the prior is uniform.</summary>
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
