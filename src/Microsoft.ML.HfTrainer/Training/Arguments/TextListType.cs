using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Texts: a list, or one alone.</summary>
internal sealed class TextListType : ArgumentType
{
    public override string Expected => "a list of texts, or one text";

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

    // An empty text is the original's way to say none.
    private static string[] Single(string text) => text.Length == 0 ? [] : [text];
}
