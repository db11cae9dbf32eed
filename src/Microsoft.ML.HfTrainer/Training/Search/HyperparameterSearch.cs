using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer;

/// <summary>Searches for the best hyperparameters by training once for each trial.</summary>
public static class HyperparameterSearch
{
    /// <summary>Runs a search, or resumes the one in the output folder.</summary>
    /// <remarks>
    /// <para>Each trial uses a copy of the arguments whose output folder is <c>run-{number}</c> in that of the search, numbered from 0. The objective of a trial is that of its
    /// last evaluation; a trial that is not evaluated during training is evaluated at its end. If a trial fails, the error is recorded and the search continues.</para>
    /// <para>If there is an output folder, the results are recorded in the file <c>search.jsonl</c>. An interrupted search resumes from it: completed trials are kept, and an
    /// unfinished one is trained again with the same hyperparameters. The folder of a trial is deleted when the trial begins.</para>
    /// </remarks>
    /// <param name="arguments">The arguments shared by all trials.</param>
    /// <param name="trainerInit">
    /// Creates the trainer of a trial, with a new model and <see cref="Trial.Arguments"/>. Trainer and model are disposed when the trial ends.
    /// </param>
    /// <param name="options">The options of the search. If null, the defaults.</param>
    /// <returns>The best trial.</returns>
    /// <exception cref="InvalidOperationException">No trial completed.</exception>
    /// <exception cref="OperationCanceledException">The cancellation token of the arguments was canceled.</exception>
    public static BestRun Run(TrainingArguments arguments, Func<Trial, Trainer> trainerInit, HyperparameterSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(trainerInit);
        return RunWith(arguments, trainerInit, options ?? new(), NullLogger.Instance);
    }

    internal static BestRun RunWith(
        TrainingArguments arguments, Func<Trial, Trainer> trainerInit, HyperparameterSearchOptions options, ILogger logger) =>
        new TrialLoop(arguments, options, logger).Run((trial, watch) =>
        {
            using var trainer = trainerInit(trial);
            try
            {
                trainer.AddCallback(watch);
                trainer.Train();
                if (watch.Objective is null)
                    trainer.Evaluate();
            }
            finally
            {
                trainer.Model.Dispose();
            }
        });
}
