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
        var mask = Array.IndexOf(_rendered.AssistantMask, 1) >= 0 ? _rendered.AssistantMask : _rendered.MaskOf(AnswersByLoop() ?? AnswersByBeginnings());
        return Array.ConvertAll(mask, mark => mark == 1);
    }

    private IEnumerable<int> Own => Enumerable.Range(0, messages.Count).Where(i => messages[i].Role == Assistant);

    // A template that loops over messages says where each ends, and an answer begins behind what opens it: the time is linear in the number of messages. Null if that does not add up.
    private List<(int Start, int End)>? AnswersByLoop()
    {
        if ((Own.FirstOrDefault(i => i > 0) is > 0 and var first ? OpeningOf(first) : "") is not { } opening)
            return null;
        var (text, ends, answers) = (_rendered.Text, _rendered.Ends, new List<(int, int)>());
        foreach (var i in Own)
        {
            var (before, opens, end) = (i == 0 ? 0 : ends[i - 1], i == 0 ? "" : opening, i == messages.Count - 1 ? text.Length : ends[i]);
            if (before < 0 || end < before + opens.Length || !text.AsSpan(before).StartsWith(opens))
                return null;
            answers.Add((before + opens.Length, end));
        }
        return answers;
    }

    // What the template writes to open the answer at a place, between the messages before it and its own text.
    private string? OpeningOf(int place)
    {
        var (closed, open) = (TextUpTo(place, opens: false), TextUpTo(place, opens: true));
        return closed.Length == _rendered.Ends[place - 1] && open.StartsWith(closed, StringComparison.Ordinal) ? open[closed.Length..] : null;
    }

    // Any other template is asked for the chat up to each answer, from its first message on.
    private List<(int Start, int End)> AnswersByBeginnings() =>
        [.. Own.Select(i => (i == 0 ? 0 : LengthUpTo(i, opens: true), LengthUpTo(i + 1, opens: false)))];

    private string TextUpTo(int count, bool opens) => Render(tokenizer, messages.Take(count).ToList(), settings, opens).Text;

    private int LengthUpTo(int count, bool opens)
    {
        var text = TextUpTo(count, opens);
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
