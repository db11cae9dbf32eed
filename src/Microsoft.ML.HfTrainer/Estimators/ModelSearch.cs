using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Trains a model for each trial of a search and keeps the best one.</summary>
/// <param name="arguments">The arguments that all trials have in common.</param>
/// <param name="options">The options of the search.</param>
/// <param name="logger">The logger of the search.</param>
/// <param name="train">Trains a model with the arguments and the callback of a trial.</param>
internal sealed class ModelSearch<TTransformer>(
    TrainingArguments arguments, HyperparameterSearchOptions options, ILogger logger, Func<TrainingArguments, TrialCallback?, TTransformer> train)
    where TTransformer : HfTransformer
{
    private readonly TrialLoop _loop = new(arguments, options, logger);
    private (int Trial, TTransformer Model)? _best;

    public TTransformer Run()
    {
        try
        {
            var run = _loop.Run(Train);
            var best = run.Study.Best!;
            // The best trial of a search that was resumed may have run before: its model is gone, and is trained again with the same choices.
            if (_best?.Trial != best.Number)
                Keep(best.Number, train(_loop.Prepare(run.Study, best).Arguments, null));
            var model = _best!.Value.Model;
            model.BestRun = run;
            return model;
        }
        catch
        {
            _best?.Model.Dispose();
            throw;
        }
    }

    private void Train(Trial trial, TrialCallback watch)
    {
        var model = train(trial.Arguments, watch);
        if (watch.IsBest)
            Keep(trial.Number, model);
        else
            model.Dispose();
    }

    private void Keep(int trial, TTransformer model)
    {
        _best?.Model.Dispose();
        _best = (trial, model);
    }
}
