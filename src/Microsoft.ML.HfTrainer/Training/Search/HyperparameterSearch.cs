using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer;

/// <summary>Searches for hyperparameters by training again and again.</summary>
public static class HyperparameterSearch
{
    /// <summary>Runs a search, or goes on with the one of the output folder.</summary>
    /// <remarks>
    /// <para>Each trial works on a copy of the settings with <c>run-{number}</c> of the output folder as its own. Its objective is that of its last evaluation;
    /// where training makes none, it is evaluated at its end. A trial that fails is noted, and the search goes on.</para>
    /// <para>Where there is an output folder, the file <c>search.jsonl</c> in it says what was found so far. A search that was broken off goes on from there:
    /// finished trials count, one that had not ended is trained again with the same choices. What the folder of a trial holds is deleted when the trial
    /// begins.</para>
    /// </remarks>
    /// <param name="arguments">The settings that trials have in common.</param>
    /// <param name="trainerInit">
    /// Makes the trainer of a trial, with a new model and with <see cref="Trial.Arguments"/>; trainer and model are disposed when the trial ends.
    /// </param>
    /// <param name="options">What is searched and how; null: the defaults.</param>
    /// <returns>The best trial.</returns>
    /// <exception cref="InvalidOperationException">No trial was complete.</exception>
    /// <exception cref="OperationCanceledException">The settings' cancellation token was cancelled.</exception>
    public static BestRun Run(TrainingArguments arguments, Func<Trial, Trainer> trainerInit, HyperparameterSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(trainerInit);
        return RunWith(arguments, trainerInit, options ?? new(), new SilentLogger());
    }

    internal static BestRun RunWith(
        TrainingArguments arguments, Func<Trial, Trainer> trainerInit, HyperparameterSearchOptions options, ITrainerLogger logger) =>
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
