using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>The variables that a chat template is given.</summary>
internal sealed class ChatVariables
{
    private const string MessagesName = "messages";

    // Their order is that in which templates find them filled in.
    private static readonly string[] ReasoningFields = ["reasoning_content", "thinking", "reasoning"];

    private static readonly string[] Given = [MessagesName, "tools", "documents", "add_generation_prompt"];

    public ChatVariables(IReadOnlyList<ChatMessage> messages, ChatTemplateOptions options, SpecialTokenNames specials)
    {
        var json = new JsonValues();
        foreach (var (role, token) in specials.All)
            All[role + "_token"] = token;
        foreach (var (name, value) in options.Variables ?? new Dictionary<string, System.Text.Json.Nodes.JsonNode?>())
            All[Given.Contains(name) ? throw new ArgumentException($"'{name}' has an option of its own.", nameof(options)) : name] = json.Read(value);
        All["tools"] = options.Tools is null ? null : new ListValue([.. options.Tools.Select(json.Read)]);
        All["documents"] = options.Documents is null ? null : new ListValue([.. options.Documents.Select(json.Read)]);
        All["add_generation_prompt"] = options.AddGenerationPrompt;
        Messages = [.. messages.Select(message => ReadMessage(message, json))];
        All[MessagesName] = new ListValue([.. Messages]);
        Size = json.Size;
    }

    public Dictionary<string, object?> All { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<MappingValue> Messages { get; }

    /// <summary>About how many characters they have.</summary>
    public long Size { get; }

    /// <summary>The same variables with another last message.</summary>
    public IReadOnlyDictionary<string, object?> WithLast(MappingValue message) =>
        new Dictionary<string, object?>(All, StringComparer.Ordinal) { [MessagesName] = new ListValue([.. Messages.SkipLast(1), message]) };

    /// <summary>The names under which the value of a field stands in a message: reasoning has several.</summary>
    public static IEnumerable<string> NamesOf(string field) => ReasoningFields.Contains(field) ? ReasoningFields : [field];

    // Fields without a value are left out: many templates take them for a text.
    private static MappingValue ReadMessage(ChatMessage message, JsonValues json)
    {
        var fields = (MappingValue)json.Read(message.Fields)!;
        fields = new MappingValue(fields.Entries.Where(field => field.Value is not null));
        foreach (var name in ReasoningFields)
        {
            if (fields.TryGet(name, out var reasoning))
            {
                // The place of the fields is the original's: it shows where a template writes a message as it is.
                return new MappingValue(
                    [KeyValuePair.Create((object?)"thinking", reasoning), .. fields.Entries, KeyValuePair.Create((object?)"reasoning_content", reasoning)]);
            }
        }
        return fields;
    }
}
