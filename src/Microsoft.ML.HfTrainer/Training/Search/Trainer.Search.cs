using SearchRunner = Microsoft.ML.HfTrainer.HyperparameterSearch;

namespace Microsoft.ML.HfTrainer;

public partial class Trainer
{
    /// <summary>Searches for the hyperparameters with the best objective. Each trial trains a model of its own, from <c>modelInit</c>.</summary>
    /// <remarks>
    /// A trial has this trainer's data, functions and callbacks, with a copy of its settings. Where there is an output folder, a trial writes into
    /// <c>run-{number}</c> there, and a search that was broken off goes on with what <c>search.jsonl</c> says; <see cref="SearchRunner.Run"/> has the
    /// rules, and serves trainers that are derived from this class or have parts that change from trial to trial.
    /// </remarks>
    /// <param name="space">The arguments that change; null: <see cref="SearchSpace.Default"/>.</param>
    /// <param name="objective">What an evaluation is worth; null: its loss if it gives no metrics, else the sum of its metrics.</param>
    /// <param name="trials">How many trials there are.</param>
    /// <param name="direction">Which objective is better.</param>
    /// <param name="sampler">Chooses what is tried; null: a <see cref="TpeSearchSampler"/> with the settings' seed.</param>
    /// <param name="pruner">Ends hopeless trials early; null: a <see cref="MedianPruner"/>.</param>
    /// <returns>The best trial.</returns>
    /// <exception cref="InvalidOperationException">
    /// The trainer does not make its model, has no evaluation set, or is of a derived class; or no trial was complete.
    /// </exception>
    /// <exception cref="OperationCanceledException">The settings' cancellation token was cancelled.</exception>
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
