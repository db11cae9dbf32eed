namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>Gives the text of tokens piece by piece, as far as later tokens do not change it.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="onText">Is called with each piece.</param>
internal sealed class TextStream(HfTokenizer tokenizer, Action<string> onText)
{
    private const char Incomplete = '\uFFFD';

    private readonly List<int> _tokens = [];
    private int _given;

    /// <summary>Adds a token.</summary>
    public void Add(int token)
    {
        _tokens.Add(token);
        var text = tokenizer.Decode(_tokens);
        Give(text, Settled(text));
    }

    /// <summary>Gives the rest of the text.</summary>
    public void End()
    {
        var text = tokenizer.Decode(_tokens);
        Give(text, text.Length);
    }

    private void Give(string text, int length)
    {
        if (length <= _given)
            return;
        onText(text[_given..length]);
        _given = length;
    }

    // The bytes of a character may be those of several tokens. A space may go when punctuation follows it, if the tokenizer cleans up spaces, and so may the one before.
    private int Settled(string text)
    {
        var length = text.AsSpan().TrimEnd(Incomplete).Length;
        if (!tokenizer.CleanUpTokenizationSpaces)
            return length;
        for (var space = 0; space < 2 && length > 0; space++)
            length = text.LastIndexOf(' ', length - 1);
        return Math.Max(length, 0);
    }
}
