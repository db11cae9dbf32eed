using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// One message of a chat: who says what, and further fields that chat templates read, such as <c>tool_calls</c>, <c>tool_call_id</c>,
/// <c>name</c> and <c>reasoning_content</c>, with the names and the form they have in Python.
/// </summary>
public sealed class ChatMessage
{
    /// <summary>A message with a text.</summary>
    /// <param name="role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what else the template knows.</param>
    /// <param name="content">The text; null for a message without one, such as a call of a tool.</param>
    public ChatMessage(string role, string? content) : this(role, content is null ? null : JsonValue.Create(content))
    {
    }

    /// <summary>A message of several parts: an array of objects such as <c>{ "type": "text", "text": "..." }</c>, or what else the template takes.</summary>
    /// <param name="role">Who speaks.</param>
    /// <param name="content">The content; null for a message without one.</param>
    public ChatMessage(string role, JsonNode? content)
    {
        ArgumentException.ThrowIfNullOrEmpty(role);
        Fields = new JsonObject { ["role"] = role };
        if (content is not null)
            Fields["content"] = content;
    }

    /// <summary>A message with all its fields, such as a line of a dataset of chats.</summary>
    /// <param name="fields">The fields; templates see them in this order.</param>
    public ChatMessage(JsonObject fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = fields;
    }

    /// <summary>The fields by their names in templates. Those that are null are not there for a template.</summary>
    public JsonObject Fields { get; }

    /// <summary>Who speaks; null where the fields do not say it as a text.</summary>
    public string? Role => Text("role");

    /// <summary>The text; null where there is none or the content has parts.</summary>
    public string? Content => Text("content");

    /// <summary>A field, null where it is not there.</summary>
    public JsonNode? this[string field]
    {
        get => Fields[field];
        set => Fields[field] = value;
    }

    /// <summary>What the model is told before the chat.</summary>
    public static ChatMessage System(string content) => new("system", content);

    /// <summary>What the user says.</summary>
    public static ChatMessage User(string content) => new("user", content);

    /// <summary>What the model says.</summary>
    public static ChatMessage Assistant(string content) => new("assistant", content);

    /// <summary>Reads messages from the JSON of an array of objects.</summary>
    /// <param name="json">The JSON, such as <c>[{ "role": "user", "content": "Hello" }]</c>.</param>
    /// <exception cref="FormatException">It is not JSON, or no array of objects.</exception>
    public static IReadOnlyList<ChatMessage> ParseAll(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json);
        }
        catch (JsonException error)
        {
            throw new FormatException($"The messages are not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).", error);
        }
        if (root is not JsonArray messages)
            throw new FormatException("The messages are not a JSON array.");
        return [.. messages.Select((message, i) => message is JsonObject fields
            ? new ChatMessage(fields)
            : throw new FormatException($"Message {i} is not a JSON object."))];
    }

    private string? Text(string field) => Fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
