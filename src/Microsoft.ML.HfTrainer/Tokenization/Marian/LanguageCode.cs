namespace Microsoft.ML.HfTrainer.Tokenization.Marian;

/// <summary>The target language code, written <c>&gt;&gt;de&lt;&lt;</c> at the beginning of a text.</summary>
internal static class LanguageCode
{
    private const string Opening = ">>", Closing = "<<";

    /// <summary>Returns the length of the code that <paramref name="text"/> begins with, or 0 if there is none.</summary>
    public static int Length(ReadOnlySpan<char> text) =>
        text.StartsWith(Opening) && text.IndexOf(Closing) is >= 0 and var end ? end + Closing.Length : 0;
}
