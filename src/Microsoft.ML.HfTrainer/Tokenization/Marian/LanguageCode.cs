namespace Microsoft.ML.HfTrainer.Tokenization.Marian;

/// <summary>The code of the language to translate to, written <c>&gt;&gt;de&lt;&lt;</c> at the beginning of a text.</summary>
internal static class LanguageCode
{
    private const string Opening = ">>", Closing = "<<";

    /// <summary>The length of the code with which <paramref name="text"/> begins; 0 where there is none.</summary>
    public static int Length(ReadOnlySpan<char> text) =>
        text.StartsWith(Opening) && text.IndexOf(Closing) is >= 0 and var end ? end + Closing.Length : 0;
}
