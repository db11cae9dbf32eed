using System.Text.Json;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Loads arguments from a JSON file with Hugging Face names, such as <c>training_args.json</c>.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidArgumentsException">An argument is unknown, not supported, or of the wrong type; the exception lists all faults.</exception>
    /// <exception cref="InvalidDataException">The file is not a JSON object.</exception>
    public static TrainingArguments Load(string path)
    {
        using var stream = File.OpenRead(path);
        return FromJson(stream, path);
    }

    /// <summary>Reads arguments from JSON with Hugging Face names. Arguments that are missing have their defaults.</summary>
    /// <param name="json">A JSON object in UTF-8.</param>
    /// <exception cref="InvalidArgumentsException">An argument is unknown, not supported, or of the wrong type; the exception lists all faults.</exception>
    /// <exception cref="InvalidDataException">The text is not a JSON object.</exception>
    public static TrainingArguments FromJson(ReadOnlySpan<byte> json)
    {
        using var stream = new MemoryStream(json.ToArray());
        return FromJson(stream);
    }

    /// <inheritdoc cref="FromJson(ReadOnlySpan{byte})"/>
    public static TrainingArguments FromJson(Stream json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return FromJson(json, source: null);
    }

    /// <summary>Returns the arguments as indented UTF-8 JSON with Hugging Face names.</summary>
    public byte[] ToJson()
    {
        var written = Clone();
        written.Seed = ResolvedSeed;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            foreach (var field in ArgumentField.All)
            {
                writer.WritePropertyName(field.Name);
                field.Write(writer, field.Get(written));
            }
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static TrainingArguments FromJson(Stream json, string? source)
    {
        var (prefix, place) = source is null ? ("", "The text") : ($"{source}: ", source);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"{place} should be a JSON object of arguments; it is a JSON value of the kind {document.RootElement.ValueKind}.");
            var reader = new ArgumentReader(name => $"{prefix}'{name}'");
            foreach (var entry in document.RootElement.EnumerateObject())
                reader.Add(entry.Name, new JsonGiven(entry.Value));
            return reader.Finish();
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{place} should be a JSON object of arguments; it is not valid JSON: {exception.Message}", exception);
        }
    }
}
