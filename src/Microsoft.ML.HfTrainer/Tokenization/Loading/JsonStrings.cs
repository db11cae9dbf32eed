using System.Text.Json;
using System.Text.Unicode;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>
/// Finds strings in JSON that are no text: the parser lets bytes that are not UTF-8 and escaped halves of surrogate pairs pass, and fails only
/// when someone reads the string.
/// </summary>
internal static class JsonStrings
{
    /// <summary>Where in the file the first such string stands, or null. The file has been parsed before.</summary>
    public static long? FirstBroken(ReadOnlySpan<byte> json)
    {
        if (Utf8.IsValid(json) && json.IndexOf(@"\ud"u8) < 0 && json.IndexOf(@"\uD"u8) < 0)
            return null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
                return reader.TokenStartIndex;
        }
        return null;
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
}
