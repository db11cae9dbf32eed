using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Sentences;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>What the folder of a sentence embedding model says about texts.</summary>
/// <param name="host">Marks exceptions.</param>
/// <param name="folder">The folder.</param>
/// <param name="model">The name of the model, for messages.</param>
/// <param name="settings">The settings of the folder; null if it is not one of sentence-transformers.</param>
internal sealed class SentenceFolderTexts(MlHost host, string folder, string model, SentenceEmbeddingSettings? settings)
{
    /// <summary>Reads the folder of a model, or of a repository on the hub.</summary>
    public static SentenceFolderTexts Read(MlHost host, string model, HubOptions hub)
    {
        var folder = ModelFolder.Resolve(model, hub, ModelManifest.SentenceModel);
        var modules = SentenceModules.Read(folder).Modules;
        return new(host, folder, model, modules is null ? null : new SentenceEmbeddingSettings(modules, 0));
    }

    /// <summary>The folder of the tokenizer if it is not that of the model.</summary>
    public string? TokenizerFolder => SentenceModules.ModelFolderOf(folder) is var own && Path.GetFullPath(own) != Path.GetFullPath(folder) ? own.TrimEnd('/', '\\') : null;

    /// <summary>The maximum length in tokens; null if the folder names none.</summary>
    public int? MaxLength => settings?.MaxSeqLength;

    /// <summary>Applies letter case and prompt.</summary>
    /// <param name="tokenize">The settings of tokenization.</param>
    /// <param name="promptName">The name of the prompt; null for the default prompt, if the folder has one.</param>
    /// <exception cref="ArgumentException">There is no such prompt, or another option does not go with it.</exception>
    public TokenizeSettings Apply(TokenizeSettings tokenize, string? promptName)
    {
        var prompts = settings?.Prompts ?? new Dictionary<string, string>();
        if (promptName is not null && !prompts.ContainsKey(promptName))
            throw host.Mark(new ArgumentException(
                $"The model '{model}' has no prompt '{promptName}'; {(prompts.Count == 0 ? "it has none" : $"its prompts are {string.Join(", ", prompts.Keys)}")}. Set TextPrefix to the text itself."));
        if (promptName is not null && tokenize.TextPrefix.Length > 0)
            throw host.Mark(new ArgumentException($"The prompt '{promptName}' and TextPrefix are both put before a text; leave one of them out."));
        var (prompt, promptSource) = (promptName ?? settings?.DefaultPromptName) is { } name && tokenize.TextPrefix.Length == 0
            ? (prompts[name], $"The prompt '{name}' of the model '{model}'") : (tokenize.TextPrefix, tokenize.PrefixSource);
        if (prompt.Length > 0 && (tokenize.Requested.Contains(TokenColumn.Offsets) ? nameof(TokenizeHfOptions.ReturnOffsets)
            : tokenize.Columns.Form == TextForm.SplitAtSpaces ? nameof(TokenizeHfOptions.SplitIntoWords) : null) is { } option)
            throw host.Mark(new ArgumentException(
                $"The folder of the model '{model}' puts the prompt '{prompt}' before texts, and {option} is set, which is about texts without one; leave it out, or create the options without {nameof(TokenizeHfOptions.ForSentenceEmbedding)}."));
        return tokenize with { TextPrefix = prompt, PrefixSource = promptSource, LowerCase = tokenize.LowerCase || settings is { DoLowerCase: true } };
    }
}
