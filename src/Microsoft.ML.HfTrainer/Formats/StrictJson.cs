using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>Parses JSON files of unknown origin. Every fault of the text becomes an <see cref="InvalidDataException"/> that names the file.</summary>
internal static class StrictJson
{
    private const int DefaultDepth = 64;

    /// <summary>Reads a value; the reader stands on its first token.</summary>
    public delegate T Reading<T>(ref Utf8JsonReader reader);

    /// <summary>Reads a text token by token, without building a document.</summary>
    /// <param name="subject">What is read, for messages: the file and, if it is only a part of it, which part.</param>
    /// <param name="json">The text. Only blanks may follow the value.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="maxDepth">The maximum nesting depth.</param>
    public static T Read<T>(string subject, ReadOnlySpan<byte> json, Reading<T> read, int maxDepth = DefaultDepth)
    {
        if (!Utf8.IsValid(json))
            throw new InvalidDataException($"{subject} is not UTF-8; it must be JSON in UTF-8.");
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
            reader.Read();
            var value = read(ref reader);
            reader.Read();
            return value;
        }
        catch (Exception failure) when (IsFault(failure))
        {
            throw Invalid(subject, failure, maxDepth);
        }
    }

    /// <summary>Parses an object for reading and writing; duplicate keys are refused.</summary>
    public static JsonObject ParseObject(string subject, ReadOnlySpan<byte> json)
    {
        try
        {
            RequireText(subject, json);
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new InvalidDataException($"{subject} is not a JSON object.");
        }
        catch (Exception failure) when (IsFault(failure))
        {
            throw Invalid(subject, failure, DefaultDepth);
        }
    }

    /// <summary>Parses a value for reading; of duplicate keys the last one counts.</summary>
    public static JsonElement ParseElement(string subject, ReadOnlyMemory<byte> json)
    {
        try
        {
            // Cloned, so that the document's pooled memory is returned.
            using var document = JsonDocument.Parse(json);
            RequireText(subject, json.Span);
            return document.RootElement.Clone();
        }
        catch (Exception failure) when (IsFault(failure))
        {
            throw Invalid(subject, failure, DefaultDepth);
        }
    }

    // Documents convert their strings when they are asked for them, so that a string that is not Unicode text would fail only then.
    private static void RequireText(string subject, ReadOnlySpan<byte> json)
    {
        if (Utf8.IsValid(json) && json.IndexOf(@"\ud"u8) < 0 && json.IndexOf(@"\uD"u8) < 0)
            return;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
                throw new InvalidDataException(
                    $"{subject} has a string at byte {reader.TokenStartIndex} that is not valid Unicode text: bytes that are not UTF-8, or half of a surrogate pair.");
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // The reader throws InvalidOperationException for half of a surrogate pair.
    private static bool IsFault(Exception failure) => failure is JsonException or InvalidOperationException;

    private static InvalidDataException Invalid(string subject, Exception failure, int maxDepth) => new(failure is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
        ? $"{subject} is not valid JSON (line {line + 1}, byte {position + 1}): it may be cut off, be a Git LFS pointer, or exceed the maximum depth of {maxDepth} levels."
        : $"{subject} is not valid JSON: {failure.Message}", failure);
}
