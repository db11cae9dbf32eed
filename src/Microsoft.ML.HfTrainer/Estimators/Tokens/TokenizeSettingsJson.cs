using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Writes and reads settings as JSON, for annotations, so that other data can be tokenized alike, and for a model's <c>.zip</c>.</summary>
internal static class TokenizeSettingsJson
{
    public static string Write(TokenizeSettings settings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("text", settings.Columns.Text);
            if (settings.Columns.Pair is { } pair)
                json.WriteString("pair", pair);
            if (settings.Columns.Form != TextForm.Plain)
                json.WriteString("form", settings.Columns.Form.ToString());
            if (settings.TextPrefix.Length > 0)
            {
                json.WriteString("text_prefix", settings.TextPrefix);
                json.WriteString("text_prefix_source", settings.PrefixSource);
            }
            if (settings.LowerCase)
                json.WriteBoolean("lower_case", true);
            if (settings.Prefix.Length > 0)
                json.WriteString("prefix", settings.Prefix);
            if (settings.MaxLength is { } length)
                json.WriteNumber("max_length", length);
            json.WriteString("truncation", settings.Truncation.ToString());
            WriteSide(json, "truncation_side", settings.TruncationSide);
            json.WriteBoolean("pads", settings.PadsToMaxLength);
            WriteSide(json, "padding_side", settings.PaddingSide);
            json.WriteBoolean("special_tokens", settings.AddSpecialTokens);
            json.WriteBoolean("target", settings.AsTarget);
            if (settings.Language is { } language)
                json.WriteString("language", language);
            json.WriteBoolean("overflows", settings.Overflows);
            json.WriteNumber("stride", settings.Stride);
            json.WriteStartArray("requested");
            foreach (var column in settings.Requested)
                json.WriteStringValue(column);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <exception cref="InvalidDataException">The text was not written by <see cref="Write"/>.</exception>
    public static TokenizeSettings Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            return new TokenizeSettings
            {
                Columns = new TextColumns(Text(json, "text")!, Text(json, "pair"), Text(json, "form") is { } form ? Enum.Parse<TextForm>(form) : TextForm.Plain),
                TextPrefix = Text(json, "text_prefix") ?? "",
                PrefixSource = Text(json, "text_prefix_source") ?? nameof(TokenizeHfOptions.TextPrefix),
                LowerCase = json.TryGetProperty("lower_case", out var lower) && lower.GetBoolean(),
                Prefix = Text(json, "prefix") ?? "",
                MaxLength = json.TryGetProperty("max_length", out var length) ? length.GetInt32() : null,
                Truncation = Enum.Parse<TruncationStrategy>(Text(json, "truncation")!),
                TruncationSide = ReadSide(json, "truncation_side"),
                PadsToMaxLength = json.GetProperty("pads").GetBoolean(),
                PaddingSide = ReadSide(json, "padding_side"),
                AddSpecialTokens = json.GetProperty("special_tokens").GetBoolean(),
                AsTarget = json.GetProperty("target").GetBoolean(),
                Language = Text(json, "language"),
                Overflows = json.GetProperty("overflows").GetBoolean(),
                Stride = json.GetProperty("stride").GetInt32(),
                Requested = [.. json.GetProperty("requested").EnumerateArray().Select(column => column.GetString()!)],
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"The settings of TokenizeHf are damaged: {error.Message}", error);
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void WriteSide(Utf8JsonWriter json, string name, Side? side)
    {
        if (side is { } end)
            json.WriteString(name, end.ToString());
    }

    private static Side? ReadSide(JsonElement json, string name) => Text(json, name) is { } side ? Enum.Parse<Side>(side) : null;
}
