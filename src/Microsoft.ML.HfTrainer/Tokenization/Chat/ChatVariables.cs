using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>The variables of a chat template.</summary>
internal sealed class ChatVariables
{
    private const string MessagesName = "messages";

    // In the order in which chat templates look for them.
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

    /// <summary>The approximate number of characters in the variables.</summary>
    public long Size { get; }

    /// <summary>Returns the same variables with another last message.</summary>
    public IReadOnlyDictionary<string, object?> WithLast(MappingValue message) =>
        new Dictionary<string, object?>(All, StringComparer.Ordinal) { [MessagesName] = new ListValue([.. Messages.SkipLast(1), message]) };

    /// <summary>Returns the names under which a field's value appears in a message; reasoning has several.</summary>
    public static IEnumerable<string> NamesOf(string field) => ReasoningFields.Contains(field) ? ReasoningFields : [field];

    // Fields without a value are left out, because many templates expect a string.
    private static MappingValue ReadMessage(ChatMessage message, JsonValues json)
    {
        var fields = (MappingValue)json.Read(message.Fields)!;
        fields = new MappingValue(fields.Entries.Where(field => field.Value is not null));
        foreach (var name in ReasoningFields)
        {
            if (fields.TryGet(name, out var reasoning))
            {
                // The order of fields is that of Hugging Face Transformers; it matters if a template prints a message as a whole.
                return new MappingValue(
                    [KeyValuePair.Create((object?)"thinking", reasoning), .. fields.Entries, KeyValuePair.Create((object?)"reasoning_content", reasoning)]);
            }
        }
        return fields;
    }
}
