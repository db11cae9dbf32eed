using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer;

/// <summary>How a model makes sentence embeddings, and what its folder says of the texts it is to be given; saved with the model.</summary>
public sealed class SentenceEmbeddingSettings
{
    private const string MaxLength = "max_seq_length", LowerCase = "do_lower_case", PromptsField = "prompts", DefaultPrompt = "default_prompt_name";

    private readonly SentenceModules _modules;

    internal SentenceEmbeddingSettings(SentenceModules modules, long size)
    {
        (_modules, Size) = (modules, size);
        // Read even where nobody asks: what is wrong is told when the model is loaded.
        _ = (MaxSeqLength, DoLowerCase, Prompts);
        if (DefaultPromptName is { } name && !Prompts.ContainsKey(name))
            throw modules.Whole.Error(DefaultPrompt, $"is \"{name}\"", $"one of the prompts, {string.Join(", ", Prompts.Keys)}, or null");
    }

    /// <summary>The size of an embedding.</summary>
    public long Size { get; }

    /// <summary>How the hidden states of tokens become one vector; the vectors of several ways stand one behind another.</summary>
    public IReadOnlyList<EmbeddingPooling> Pooling => [.. _modules.Poolings.Select(p => p.Value)];

    /// <summary>Whether embeddings have the length 1.</summary>
    public bool Normalize => _modules.Steps is [.., NormalizeModule];

    /// <summary>The longest text in tokens, which longer ones are cut to before they come to the model; null: as the tokenizer says.</summary>
    public int? MaxSeqLength
    {
        get => _modules.Transformer.Has(MaxLength) ? _modules.Transformer.GetSize(MaxLength) : null;
        set => _modules.Transformer.Set(MaxLength, value is { } length ? JsonValue.Create(length) : null);
    }

    /// <summary>Whether texts are to be in lower case before they come to the tokenizer. Default: false.</summary>
    public bool DoLowerCase
    {
        get => _modules.Transformer.GetBool(LowerCase, false);
        set => _modules.Transformer.Set(LowerCase, JsonValue.Create(value));
    }

    /// <summary>What texts are to begin with, by what they are for, such as <c>query</c>.</summary>
    public IReadOnlyDictionary<string, string> Prompts
    {
        get => _modules.Whole.GetTextMap(PromptsField) ?? new Dictionary<string, string>();
        set => _modules.Whole.Set(PromptsField, new JsonObject(value.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))));
    }

    /// <summary>The prompt of texts that nothing else is said of; null: they have none.</summary>
    public string? DefaultPromptName
    {
        get => _modules.Whole.GetString(DefaultPrompt, null);
        set => _modules.Whole.Set(DefaultPrompt, JsonValue.Create(value));
    }
}
