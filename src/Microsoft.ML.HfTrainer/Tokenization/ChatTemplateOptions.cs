using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>How <see cref="HfTokenizer.ApplyChatTemplate"/> makes text of messages.</summary>
public sealed record ChatTemplateOptions
{
    internal static ChatTemplateOptions Default { get; } = new();

    /// <summary>
    /// Whether the text ends with what begins an answer of the model (<c>add_generation_prompt</c>), where the template can. Default: false.
    /// </summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>
    /// Whether the text ends within the last message, so that the model goes on with it (<c>continue_final_message</c>). Default: false.
    /// </summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The field of the last message that is to be continued. Default: <c>content</c>.</summary>
    public string ContinuedField { get; init; } = "content";

    /// <summary>
    /// The name of one of <see cref="HfTokenizer.ChatTemplates"/>, or a template; null (default) for <c>tool_use</c> where there are tools
    /// and a template of that name, else <c>default</c>.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>The tools that the model may call, each as a JSON schema in the form the template expects; null (default) for none.</summary>
    public IReadOnlyList<JsonNode>? Tools { get; init; }

    /// <summary>Documents that the model may draw on, commonly with <c>title</c> and <c>text</c>; null (default) for none.</summary>
    public IReadOnlyList<JsonNode>? Documents { get; init; }

    /// <summary>Further variables of the template, such as <c>enable_thinking</c>; they come before those of the tokenizer. Null (default) for none.</summary>
    public IReadOnlyDictionary<string, JsonNode?>? Variables { get; init; }

    /// <summary>The longest encoding in tokens; null (default) for no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The end at which tokens are cut; null (default) for the tokenizer's <see cref="HfTokenizer.TruncationSide"/>.</summary>
    public Side? TruncationSide { get; init; }

    /// <summary>What tells templates that write the date the time. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
