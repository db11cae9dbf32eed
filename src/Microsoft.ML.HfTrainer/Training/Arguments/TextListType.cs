using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>A list of strings, or a single string.</summary>
internal sealed class TextListType : ArgumentType
{
    public override string Expected => "a list of strings, or one string";

    public override bool TakesManyWords => true;

    public override object Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Single(value.GetString()!),
        JsonValueKind.Array => (string[])[.. value.EnumerateArray().Select(entry => entry.ValueKind == JsonValueKind.String ? entry.GetString()! : throw new FormatException())],
        _ => throw new FormatException(),
    };

    public override object Parse(IReadOnlyList<string> words) => words.Where(word => word.Length > 0).ToArray();

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartArray();
        foreach (var text in (IReadOnlyList<string>)value)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    // Hugging Face writes an empty list as an empty string.
    private static string[] Single(string text) => text.Length == 0 ? [] : [text];
}
