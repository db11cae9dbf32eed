using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>One call of <see cref="Trainer.Train(string?)"/>: its data, its step arithmetic, where it began and where it stands.</summary>
internal sealed class TrainingRun
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public TrainingRun(DataLoader loader, StepPlan plan, TrainerState state, TrainingArguments args, SavedLoop? saved)
    {
        (Loader, Plan, Saved) = (loader, plan, saved);
        (FirstStep, FirstToken, SavedStep) = (state.GlobalStep, state.NumInputTokensSeen, state.GlobalStep);
        (GradientNorm, LearningRate) = (saved?.GradientNorm ?? 0, saved?.LearningRate ?? 0);
        Losses = new LossLog(args.LoggingNanInfFilter, state.GlobalStep, (int?)saved?.LastLogged, saved?.LossSum ?? 0);
        (Epoch, UpdateInEpoch) = Math.DivRem(state.GlobalStep, plan.UpdatesPerEpoch);
        // Saved before the end of its epoch was seen to, which is done now.
        if (saved?.EpochStart is not null && UpdateInEpoch == 0 && Epoch > 0 && ActsAtEpochEnd(args))
            (Epoch, UpdateInEpoch) = (Epoch - 1, plan.UpdatesPerEpoch);
        else if (args.IgnoreDataSkip)
            UpdateInEpoch = 0;
        StepInEpoch = UpdateInEpoch * plan.AccumulationSteps;
    }

    /// <summary>The batches.</summary>
    public DataLoader Loader { get; private set; }

    /// <summary>The step arithmetic.</summary>
    public StepPlan Plan { get; private set; }

    /// <summary>The losses since the last log.</summary>
    public LossLog Losses { get; }

    /// <summary>Updates made before this call.</summary>
    public int FirstStep { get; }

    /// <summary>Tokens seen before this call.</summary>
    public long FirstToken { get; }

    /// <summary>Whether the callbacks know that training began.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The running epoch, from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>Updates made in the running epoch.</summary>
    public int UpdateInEpoch { get; private set; }

    /// <summary>Micro-batches taken in the running epoch.</summary>
    public int StepInEpoch { get; private set; }

    /// <summary>What the checkpoint that this call goes on from says of the loop, until its random numbers are restored.</summary>
    public SavedLoop? Saved { get; set; }

    /// <summary>The norm of the last update's gradients before clipping.</summary>
    public double GradientNorm { get; set; }

    /// <summary>The learning rate of the last update.</summary>
    public double LearningRate { get; set; }

    /// <summary>The update that the last checkpoint was written after.</summary>
    public int SavedStep { get; set; }

    /// <summary>Whether the weights have changed by an update that is not yet counted.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>Time since the call.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Whether the optimizer made that update's step; it does not where float16 overflowed.</summary>
    public bool OptimizerStepped { get; private set; }

    /// <summary>The gradients of an update of so many micro-batches were used, or left aside.</summary>
    public void Stepped(int microBatches, bool optimizerStepped)
    {
        OptimizerStepped = optimizerStepped;
        StepInEpoch += microBatches;
        UpdateInEpoch++;
        HasStepped = true;
    }

    /// <summary>The update is counted.</summary>
    public void Counted() => HasStepped = false;

    /// <summary>Goes to the beginning of the next epoch.</summary>
    public void NextEpoch() => (Epoch, UpdateInEpoch, StepInEpoch) = (Epoch + 1, 0, 0);

    /// <summary>The rest of the run takes other micro-batches.</summary>
    public void Continue(DataLoader loader, StepPlan plan)
    {
        (Loader, Plan) = (loader, plan);
        StepInEpoch = UpdateInEpoch * plan.AccumulationSteps;
    }

    private static bool ActsAtEpochEnd(TrainingArguments args) =>
        args.LoggingStrategy == IntervalStrategy.Epoch || args.EvalStrategy == IntervalStrategy.Epoch || args.SaveStrategy == SaveStrategy.Epoch;
}
