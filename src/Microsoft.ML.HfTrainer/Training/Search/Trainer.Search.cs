using SearchRunner = Microsoft.ML.HfTrainer.HyperparameterSearch;

namespace Microsoft.ML.HfTrainer;

public partial class Trainer
{
    /// <summary>Searches for the hyperparameters with the best objective. Each trial trains a new model, which <c>modelInit</c> creates.</summary>
    /// <remarks>
    /// A trial has this trainer's data, functions and callbacks, and a copy of its arguments. If there is an output folder, each trial writes into its subfolder <c>run-{number}</c>, and
    /// an interrupted search resumes from <c>search.jsonl</c>; see <see cref="SearchRunner.Run"/>, which also searches with trainers of a derived class.
    /// </remarks>
    /// <param name="space">The arguments to vary; if null, <see cref="SearchSpace.Default"/>.</param>
    /// <param name="objective">Computes the objective from the metrics of an evaluation; if null, the sum of the metrics, or the loss if there are no metrics.</param>
    /// <param name="trials">The number of trials.</param>
    /// <param name="direction">Specifies whether a lower or a higher objective is better.</param>
    /// <param name="sampler">Chooses the values of each trial; if null, a <see cref="TpeSearchSampler"/> with the seed of the arguments.</param>
    /// <param name="pruner">Ends unpromising trials early; if null, a <see cref="MedianPruner"/>.</param>
    /// <returns>The best trial.</returns>
    /// <exception cref="InvalidOperationException">The trainer was created without <c>modelInit</c>, has no evaluation set, or is of a derived class; or no trial completed.</exception>
    /// <exception cref="OperationCanceledException"><see cref="TrainingArguments.CancellationToken"/> was canceled.</exception>
    public BestRun HyperparameterSearch(
        SearchSpace? space = null, Func<IReadOnlyDictionary<string, double>, double>? objective = null, int trials = 20,
        SearchDirection direction = SearchDirection.Minimize, ISearchSampler? sampler = null, ISearchPruner? pruner = null)
    {
        if (_modelInit is null)
            throw new InvalidOperationException(
                "HyperparameterSearch trains a new model in each trial, and this trainer was given one model; make it with a function in its place.");
        if (GetType() != typeof(Trainer))
            throw new InvalidOperationException(
                $"HyperparameterSearch cannot make a trainer of the class {GetType().Name}; call HyperparameterSearch.Run with a function that does.");
        if (Optimizers is not (null, null))
            throw new InvalidOperationException(
                "HyperparameterSearch trains a new model in each trial, and this trainer was given the optimizer of one; leave Optimizers out, and let " +
                "TrainingArguments.Optim name one.");
        if (EvalDataset is null && EvalDatasets is null)
            throw new InvalidOperationException("HyperparameterSearch compares evaluations, and this trainer has no evaluation set; give it one.");
        return SearchRunner.RunWith(Args, ForTrial, new HyperparameterSearchOptions
        {
            Space = space, Objective = objective, Trials = trials, Direction = direction, Sampler = sampler, Pruner = pruner,
        }, Logger);
    }

    private Trainer ForTrial(Trial trial) => new(
        _modelInit!, trial.Arguments, TrainDataset, EvalDataset, Tokenizer, DataCollator, ComputeMetrics, _context.Callbacks.Given, Logger)
    {
        EvalDatasets = EvalDatasets,
        ComputeBatchMetrics = ComputeBatchMetrics,
        PreprocessLogitsForMetrics = PreprocessLogitsForMetrics,
        ComputeLossFunc = ComputeLossFunc,
    };
}
