using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>The inputs of a layout: the settings of tokenizer_config.json, and the special tokens by role with their ids.</summary>
internal sealed class MergeSource(PartReader? configuration, SpecialTokenNames names, AddedVocabulary added, LoadContext context)
{
    /// <summary>true to prepend a space to a text that does not begin with one.</summary>
    public bool AddsSpace => Flag("add_prefix_space", false);

    public bool Flag(string name, bool absent) => configuration?.OptionalFlag(name) ?? absent;

    /// <summary>Returns the id of the token of a role that a template requires.</summary>
    public int Id(string role) => OptionalId(role)
        ?? throw context.Error("", $"the template needs a {role}_token, but there is none; name one in {TokenizerFiles.Configuration}.");

    /// <summary>Returns the id of the token of a role, or null if the role has no token.</summary>
    public int? OptionalId(string role) => names[role] is not { } token ? null : added.Find(token)
        ?? throw context.Error("", $"the vocabulary of {added.Count} tokens lacks the {role}_token '{token}'; add it, or name another in {TokenizerFiles.Configuration}.");
}
