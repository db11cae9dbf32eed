using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>
/// A Boolean that earlier versions set by words: true, <c>full_shard auto_wrap</c>, or a list of such words. False, an empty string and an empty list are read
/// as null.
/// </summary>
internal sealed class SwitchOrWordsType : ArgumentType
{
    public override string Expected => "true or false";

    public override object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.String => Parse([value.ToString()]),
        JsonValueKind.Array => Parse([string.Join(' ', value.EnumerateArray())]),
        _ => throw new FormatException(),
    };

    public override object? Parse(IReadOnlyList<string> words) => words[0].ToLowerInvariant() is "" or "false" ? null : words[0].ToLowerInvariant();

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}
