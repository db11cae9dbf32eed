using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer;

/// <summary>The settings of a sentence embedding model: how vectors are computed, and how its folder says texts should be prepared. They are saved with the model.</summary>
public sealed class SentenceEmbeddingSettings
{
    private const string MaxLength = "max_seq_length", LowerCase = "do_lower_case", PromptsField = "prompts", DefaultPrompt = "default_prompt_name";

    private readonly SentenceModules _modules;

    internal SentenceEmbeddingSettings(SentenceModules modules, long size)
    {
        (_modules, Size) = (modules, size);
        // Read even if nobody asks, so that wrong values are reported when the model is loaded.
        _ = (MaxSeqLength, DoLowerCase, Prompts, IncludePrompt);
        if (DefaultPromptName is { } name && !Prompts.ContainsKey(name))
            throw modules.Whole.Error(DefaultPrompt, $"is \"{name}\"", $"one of the prompts, {string.Join(", ", Prompts.Keys)}, or null");
    }

    /// <summary>The size of an embedding.</summary>
    public long Size { get; }

    /// <summary>The poolings of hidden states, whose vectors are concatenated.</summary>
    public IReadOnlyList<EmbeddingPooling> Pooling => [.. _modules.Poolings.Select(p => p.Value)];

    /// <summary>true if embeddings are scaled to length 1.</summary>
    public bool Normalize => _modules.Steps is [.., NormalizeModule];

    /// <summary>
    /// true if the tokens of a prompt are pooled like those of the text (<c>include_prompt</c>). If false, those of a batch with <see cref="PromptLengthName"/> are left out, except that
    /// <see cref="EmbeddingPooling.Cls"/> is always the first token. Default: true.
    /// </summary>
    public bool IncludePrompt
    {
        get => _modules.IncludePrompt;
        set => _modules.IncludePrompt = value;
    }

    /// <summary>The name of the feature, and of the tensor <c>[batch]</c>, with the number of tokens of the prompt of each text; 0 for a text without a prompt.</summary>
    public const string PromptLengthName = "prompt_length";

    /// <summary>The maximum length of a text in tokens, to which the caller truncates longer ones. If null, that of the tokenizer.</summary>
    public int? MaxSeqLength
    {
        get => _modules.Transformer.Has(MaxLength) ? _modules.Transformer.GetSize(MaxLength) : null;
        set => _modules.Transformer.Set(MaxLength, value is { } length ? JsonValue.Create(length) : null);
    }

    /// <summary>true if the caller should convert texts to lower case before tokenization. Default: false.</summary>
    public bool DoLowerCase
    {
        get => _modules.Transformer.GetBool(LowerCase, false);
        set => _modules.Transformer.Set(LowerCase, JsonValue.Create(value));
    }

    /// <summary>The prompts that the caller puts before texts, by name, such as <c>query</c>.</summary>
    public IReadOnlyDictionary<string, string> Prompts
    {
        get => _modules.Whole.GetTextMap(PromptsField) ?? new Dictionary<string, string>();
        set => _modules.Whole.Set(PromptsField, new JsonObject(value.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))));
    }

    /// <summary>Returns the number of tokens that a prompt takes at the beginning of a text, for <see cref="PromptLengthName"/>: special tokens before it count, those after it do not.</summary>
    /// <param name="tokenizer">The tokenizer of the model.</param>
    /// <param name="prompt">The prompt, such as one of <see cref="Prompts"/>.</param>
    public static int PromptLength(HfTokenizer tokenizer, string prompt)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        var ids = tokenizer.Encode(prompt).Ids;
        return ids is [.., var last] && tokenizer.IsSpecial(last) ? ids.Length - 1 : ids.Length;
    }

    /// <summary>The name of the prompt of texts for which none is chosen. If null, they have none.</summary>
    public string? DefaultPromptName
    {
        get => _modules.Whole.GetString(DefaultPrompt, null);
        set => _modules.Whole.Set(DefaultPrompt, JsonValue.Create(value));
    }
}
