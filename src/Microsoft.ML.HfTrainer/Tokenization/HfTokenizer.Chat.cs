using Microsoft.ML.HfTrainer.Tokenization.Chat;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    /// <summary>
    /// The chat templates by name, as Jinja text: <c>default</c>, and others such as <c>tool_use</c> where the tokenizer has them, in
    /// <c>chat_template.jinja</c> and <c>additional_chat_templates</c>, else in <c>tokenizer_config.json</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">The files hold something else in their place.</exception>
    public IReadOnlyDictionary<string, string> ChatTemplates => ChatSet.Texts;

    private ChatTemplateSet ChatSet => field ??= ChatTemplateSet.Read(_files);

    /// <summary>
    /// Writes messages in the form that the model was trained on, by a chat template. A template is run as data: it reaches nothing but
    /// the messages and options, and one that would run or write without end is stopped.
    /// </summary>
    /// <param name="messages">The messages, the oldest first.</param>
    /// <param name="options">The template, tools, and how the text ends; null for the tokenizer's own template and neither.</param>
    /// <returns>The text, and on request its tokens and the mask of what the assistant says.</returns>
    /// <exception cref="ArgumentException">There is no message, no such template, or the options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer has no chat template and the options name none.</exception>
    /// <exception cref="ChatTemplateException">The template is not well formed, or does not take these messages.</exception>
    public RenderedChat ApplyChatTemplate(IReadOnlyList<ChatMessage> messages, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= ChatTemplateOptions.Default;
        if (messages.Count == 0)
            throw new ArgumentException("A chat needs a message.", nameof(messages));
        if (options is { AddGenerationPrompt: true, ContinueFinalMessage: true })
        {
            throw new ArgumentException(
                $"{nameof(options.ContinueFinalMessage)} goes on with the last message, {nameof(options.AddGenerationPrompt)} begins another; only one of them can be.",
                nameof(options));
        }
        var variables = new ChatVariables(messages, options, _specials);
        var template = ChatSet.Choose(options);
        var encoding = new EncodeOptions { AddSpecialTokens = false, MaxLength = options.MaxLength, TruncationSide = options.TruncationSide };
        if (options.ContinueFinalMessage)
            return new RenderedChat(this, encoding, new FinalMessage(options.ContinuedField).Render(template, variables, options.Clock), null);
        var (text, generated) = template.Render(variables.All, variables.Size, options.Clock);
        return new RenderedChat(this, encoding, text, generated);
    }
}
