using Microsoft.ML.HfTrainer.Generation;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>Makes the generation settings of an estimator those of its model, so that they are checked before training, used in evaluations, and saved.</summary>
internal static class GenerationSettings
{
    /// <summary>The settings that options give: their own, or those of the training arguments.</summary>
    public static GenerationConfig? Of(GenerationConfig? own, TrainingArguments arguments) => own is not null && arguments.GenerationConfig is not null
        ? throw new ArgumentException("The option Generation and Arguments.GenerationConfig are both set; leave Arguments.GenerationConfig out.")
        : own ?? arguments.GenerationConfig;

    /// <summary>Changes the settings of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer, whose end-of-sequence token ends texts.</param>
    /// <param name="own">The settings that replace those of the model; null if there are none.</param>
    /// <param name="complete">Completes them.</param>
    /// <exception cref="ArgumentException">Settings are out of range or contradict each other; the message names all of them.</exception>
    public static void Apply(PretrainedModel model, HfTokenizer tokenizer, GenerationConfig? own, Action<GenerationConfig>? complete = null)
    {
        var (settings, given) = ((own ?? new()).Over(model.CurrentGenerationConfig()), own ?? new());
        // The limit of the caller replaces that of the model, of whichever kind that is.
        if (given is { MaxLength: not null, MaxNewTokens: null })
            settings.MaxNewTokens = null;
        settings.PadTokenId ??= tokenizer.PadTokenId;
        if (tokenizer.EosTokenId is { } end && settings.EosTokenIds?.Contains(end) != true)
            settings.EosTokenIds = [.. settings.EosTokenIds ?? [], end];
        complete?.Invoke(settings);
        new GenerationFaults(given, settings).Check((model as HeadedModel)?.Body.OutputEmbedding?.Weight.Rows, hasTokenizer: true);
        model.GenerationConfig = settings;
    }
}
