using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Trains a model for each trial of a search and keeps the best one.</summary>
/// <param name="arguments">The arguments that all trials have in common.</param>
/// <param name="options">The options of the search.</param>
/// <param name="logger">The logger of the search.</param>
/// <param name="train">Trains a model with the arguments and the callback of a trial, or loads the one that the trial has saved.</param>
internal sealed class ModelSearch<TTransformer>(
    TrainingArguments arguments, HyperparameterSearchOptions options, ILogger logger, Func<TrainingArguments, TrialCallback?, SavedTrial?, TTransformer> train)
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
            if (_best?.Trial != best.Number)
                Keep(best.Number, Recall(run.Study, best));
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
        var model = train(trial.Arguments, watch, null);
        if (watch.IsBest)
            Keep(trial.Number, model);
        else
            model.Dispose();
    }

    // The best trial of a search that was resumed may have ended before.
    private TTransformer Recall(SearchStudy study, TrialResult best)
    {
        var trial = _loop.Recall(study, best);
        if (SavedTrial.Find(trial.Arguments, logger, out var lack) is { } saved)
        {
            logger.Info($"{TrialLoop.Title(best)} is the best and ended before the search was resumed: its model is loaded from '{saved.Weights}'.");
            return train(trial.Arguments, null, saved);
        }
        logger.Warning($"{TrialLoop.Title(best)} is the best, ended before the search was resumed, and is trained again, since its model is not saved: {lack}.");
        return train(_loop.Prepare(study, best).Arguments, null, null);
    }

    private void Keep(int trial, TTransformer model)
    {
        _best?.Model.Dispose();
        _best = (trial, model);
    }
}
