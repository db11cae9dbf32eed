using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>What a layout is applied to: the settings of tokenizer_config.json, the special tokens by role, their ids.</summary>
internal sealed class MergeSource(PartReader? configuration, SpecialTokenNames names, AddedVocabulary added, LoadContext context)
{
    /// <summary>Whether a text that begins without a space gets one.</summary>
    public bool AddsSpace => Flag("add_prefix_space", false);

    public bool Flag(string name, bool absent) => configuration?.OptionalFlag(name) ?? absent;

    /// <summary>The id of the token of a role that a template cannot do without.</summary>
    public int Id(string role) => OptionalId(role)
        ?? throw context.Error("", $"texts are set between special tokens, but there is no {role}_token; name one in {TokenizerFiles.Configuration}.");

    /// <summary>The id of the token of a role, or null where no token has it.</summary>
    public int? OptionalId(string role) => names[role] is not { } token ? null : added.Find(token)
        ?? throw context.Error("", $"the vocabulary of {added.Count} tokens lacks the {role}_token '{token}'; add it, or name another in {TokenizerFiles.Configuration}.");
}
