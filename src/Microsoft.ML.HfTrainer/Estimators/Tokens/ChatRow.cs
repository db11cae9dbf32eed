namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>A chat as token columns hold it: rendered by the chat template, open for the assistant's answer if the last message is not its own.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="messages">The messages.</param>
/// <param name="settings">The settings of the tokenization.</param>
internal sealed class ChatRow(HfTokenizer tokenizer, IReadOnlyList<ChatMessage> messages, TokenizeSettings settings)
{
    private const string Assistant = "assistant";

    private readonly RenderedChat _rendered = Render(tokenizer, messages, settings, opens: messages[^1].Role != Assistant);

    /// <summary>The tokens.</summary>
    public TokenEncoding Encoding => _rendered.Encoding;

    /// <summary>Creates the chat of a row.</summary>
    /// <param name="texts">The contents and the roles of the messages.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="settings">The settings of the tokenization.</param>
    /// <exception cref="ArgumentException">There are no messages, or not as many contents as roles, or the template refuses them.</exception>
    public static ChatRow Of(RowTexts texts, HfTokenizer tokenizer, TokenizeSettings settings)
    {
        var (contents, roles) = (texts.First, texts.Second!);
        if (contents.Length != roles.Length)
            throw new ArgumentException($"the chat has {contents.Length} contents and {roles.Length} roles; each message has one of each.");
        if (roles.Length == 0)
            throw new ArgumentException("the chat has no messages; it should have at least one.");
        if (Array.IndexOf(roles, "") is >= 0 and var nameless)
            throw new ArgumentException($"message {nameless + 1} of the chat has no role; it should be one that the chat template knows, such as user or assistant.");
        try
        {
            return new ChatRow(tokenizer, [.. roles.Zip(contents, (role, content) => new ChatMessage(role, content))], settings);
        }
        catch (ChatTemplateException refusal)
        {
            throw new ArgumentException($"the chat template refuses the chat: {refusal.Message}", refusal);
        }
    }

    /// <summary>Returns true for each token that the assistant generates, the one that ends its answer included.</summary>
    /// <exception cref="ArgumentException">The template does not say where the answers are.</exception>
    public bool[] Answers()
    {
        // A template that marks the answers knows them best.
        if (Array.ConvertAll(_rendered.AssistantMask, mark => mark == 1) is var marked && Array.IndexOf(marked, true) >= 0)
            return marked;
        var spans = Enumerable.Range(0, messages.Count).Where(i => messages[i].Role == Assistant)
            .Select(i => (Start: i == 0 ? 0 : LengthUpTo(i, opens: true), End: LengthUpTo(i + 1, opens: false))).ToList();
        return [.. Encoding.Offsets.Select(token => spans.Exists(span => token.End > span.Start && token.Start < span.End && token.End > token.Start))];
    }

    private int LengthUpTo(int count, bool opens)
    {
        var text = Render(tokenizer, messages.Take(count).ToList(), settings, opens).Text;
        return _rendered.Text.StartsWith(text, StringComparison.Ordinal) ? text.Length : throw new ArgumentException(
            $"the chat template of '{tokenizer.Name}' writes the first {count} messages otherwise than in the whole chat, so that it is not known where the answers are; mark them in the template with {{% generation %}}.");
    }

    private static RenderedChat Render(HfTokenizer tokenizer, IReadOnlyList<ChatMessage> messages, TokenizeSettings settings, bool opens) =>
        tokenizer.ApplyChatTemplate(messages, new ChatTemplateOptions
        {
            AddGenerationPrompt = opens,
            MaxLength = settings.Truncation == TruncationStrategy.DoNotTruncate ? null : settings.MaxLength,
            TruncationSide = settings.TruncationSide,
        });
}
