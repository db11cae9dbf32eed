namespace Microsoft.ML.HfTrainer;

/// <summary>The options of a hyperparameter search.</summary>
public sealed class HyperparameterSearchOptions
{
    /// <summary>Gets or sets the arguments that vary between trials. Default: null, which means <see cref="SearchSpace.Default"/>.</summary>
    public SearchSpace? Space { get; set; }

    /// <summary>
    /// Gets or sets a function that computes the objective from the metrics of an evaluation. Default: null, which means the evaluation loss if there are no other metrics,
    /// and otherwise the sum of all metrics except the loss, as in the Hugging Face Trainer.
    /// </summary>
    /// <remarks>The objective of a trial is that of its last evaluation.</remarks>
    public Func<IReadOnlyDictionary<string, double>, double>? Objective { get; set; }

    /// <summary>Gets or sets the number of trials, including those before a search was resumed. Default: 20.</summary>
    public int Trials { get; set; } = 20;

    /// <summary>Gets or sets whether a lower or a higher objective is better. Default: <see cref="SearchDirection.Minimize"/>.</summary>
    public SearchDirection Direction { get; set; }

    /// <summary>Gets or sets the sampler, which chooses the hyperparameters of the next trial. Default: null, which means a <see cref="TpeSearchSampler"/> with the seed of the arguments.</summary>
    public ISearchSampler? Sampler { get; set; }

    /// <summary>Gets or sets the pruner, which ends unpromising trials early. Default: null, which means a <see cref="MedianPruner"/>. <see cref="NoPruner"/> trains all trials to their end.</summary>
    public ISearchPruner? Pruner { get; set; }
}
