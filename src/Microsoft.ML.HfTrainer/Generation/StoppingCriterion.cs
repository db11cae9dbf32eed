namespace Microsoft.ML.HfTrainer;

/// <summary>Ends sequences. Derive from it for criteria of your own, and give it to <see cref="GenerationOptions.StoppingCriteria"/>.</summary>
public abstract class StoppingCriterion
{
    /// <summary>Returns true if a sequence is finished. It is called for each sequence after each new token, on the thread that generates.</summary>
    /// <param name="ids">The token ids of the sequence, prompt included and the new token last.</param>
    public abstract bool IsFinished(ReadOnlySpan<int> ids);
}
