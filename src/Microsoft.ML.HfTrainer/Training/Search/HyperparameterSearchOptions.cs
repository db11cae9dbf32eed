namespace Microsoft.ML.HfTrainer;

/// <summary>How hyperparameters are searched for.</summary>
public sealed class HyperparameterSearchOptions
{
    /// <summary>The arguments that change from trial to trial. Default: null, <see cref="SearchSpace.Default"/>.</summary>
    public SearchSpace? Space { get; set; }

    /// <summary>
    /// What an evaluation is worth, by its metrics. Default: null; the evaluation's loss if it gives no metrics, else the sum of all metrics without the
    /// loss, as in the original.
    /// </summary>
    /// <remarks>A trial counts with its last evaluation.</remarks>
    public Func<IReadOnlyDictionary<string, double>, double>? Objective { get; set; }

    /// <summary>How many trials there are, those of a search that is gone on with included. Default: 20.</summary>
    public int Trials { get; set; } = 20;

    /// <summary>Which objective is better. Default: the lower one.</summary>
    public SearchDirection Direction { get; set; }

    /// <summary>Chooses what is tried next. Default: null, a <see cref="TpeSearchSampler"/> with the settings' seed.</summary>
    public ISearchSampler? Sampler { get; set; }

    /// <summary>Ends trials early that promise nothing. Default: null, a <see cref="MedianPruner"/>; <see cref="NoPruner"/> trains all to their end.</summary>
    public ISearchPruner? Pruner { get; set; }
}
