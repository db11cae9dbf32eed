using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>The length up to which a causal language model can continue prompts.</summary>
internal static class PromptLimit
{
    /// <exception cref="InvalidDataException">A prompt of the batch leaves no room for the tokens that are to follow; the message names its row.</exception>
    public static void Check(PretrainedModel model, Batch batch)
    {
        var settings = model.CurrentGenerationConfig();
        var positions = ((HeadedModel)model).Body.MaxLength ?? model.Config.GetIntOrNull("max_position_embeddings");
        // The last token is not read.
        var (limit, why) = (settings.MaxNewTokens, settings.MaxLength) switch
        {
            ({ } added, _) => (positions - added + 1, $"the model has {positions} positions, and up to {added} tokens are to follow (MaxNewTokens)"),
            (_, { } length) => (Math.Min(length, positions + 1 ?? long.MaxValue) - 1, $"the prompt and what follows have at most {length} tokens (MaxLength)"),
            _ => (positions, $"the model has {positions} positions"),
        };
        if (limit is not { } most)
            return;
        using var lengths = batch.Get("attention_mask").sum(1).cpu();
        var counts = lengths.data<long>().ToArray();
        if (Array.FindIndex(counts, count => count > most) is >= 0 and var row)
            throw new InvalidDataException(
                $"{batch.Source?.NameOf(row) ?? $"Row {row + 1} of the batch"} has a prompt of {counts[row]} tokens, and there is room for {most}: {why}. Lower the length of what follows, or shorten prompts: maxLength {most} and TruncationSide.Left in the options of TokenizeHf.");
    }
}
