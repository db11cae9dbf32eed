using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="HfTokenizer.ApplyChatTemplate"/>.</summary>
public sealed record ChatTemplateOptions
{
    internal static ChatTemplateOptions Default { get; } = new();

    /// <summary>
    /// true to append the generation prompt, which opens the assistant's next message, if the template supports it (<c>add_generation_prompt</c>).
    /// Default: false.
    /// </summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>true to leave the last message open, so that the model continues it (<c>continue_final_message</c>). Default: false.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The field of the last message that the model continues. Default: <c>content</c>.</summary>
    public string ContinuedField { get; init; } = "content";

    /// <summary>
    /// The name of one of <see cref="HfTokenizer.ChatTemplates"/>, or the text of a template. If null (default), <c>tool_use</c> is used if there are
    /// <see cref="Tools"/> and a template of that name, otherwise <c>default</c>.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>The tools that the model may call, each a JSON schema in the form that the template expects. If null (default), there are none.</summary>
    public IReadOnlyList<JsonNode>? Tools { get; init; }

    /// <summary>
    /// The documents for retrieval-augmented generation, usually objects with <c>title</c> and <c>text</c>. If null (default), there are none.
    /// </summary>
    public IReadOnlyList<JsonNode>? Documents { get; init; }

    /// <summary>
    /// Further template variables, such as <c>enable_thinking</c>. They take precedence over the tokenizer's own. If null (default), there are none.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode?>? Variables { get; init; }

    /// <summary>The maximum length of the encoding in tokens. If null (default), there is no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The side from which tokens are removed. If null (default), the tokenizer's <see cref="HfTokenizer.TruncationSide"/>.</summary>
    public Side? TruncationSide { get; init; }

    /// <summary>The clock for templates that print the current date or time. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
