using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Generation settings: a JSON object, its text, or a folder or a model on the hub that has them.</summary>
internal sealed class GenerationConfigType : ArgumentType
{
    public override string Expected => "a JSON object of generation settings such as {\"num_beams\": 4}, or a folder or a model on the hub that has generation_config.json";

    public override object Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => GenerationConfig.Parse("generation_config", Encoding.UTF8.GetBytes(value.GetRawText())),
        JsonValueKind.String => Parse([value.GetString()!]),
        _ => throw new FormatException(),
    };

    public override object Parse(IReadOnlyList<string> words)
    {
        try
        {
            return words[0].StartsWith('{') ? GenerationConfig.Parse("generation_config", Encoding.UTF8.GetBytes(words[0])) : GenerationConfig.FromPretrained(words[0]);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or HubException or ArgumentException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        using var document = JsonDocument.Parse(((GenerationConfig)value).ToJson());
        document.RootElement.WriteTo(writer);
    }
}
