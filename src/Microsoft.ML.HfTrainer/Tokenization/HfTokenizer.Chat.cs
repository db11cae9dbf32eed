using Microsoft.ML.HfTrainer.Tokenization.Chat;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    /// <summary>
    /// Gets the chat templates by name, as Jinja source: <c>default</c> and further ones such as <c>tool_use</c>. They come from
    /// <c>chat_template.jinja</c> and the folder <c>additional_chat_templates</c> or, if there are none, from <c>tokenizer_config.json</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">The chat templates in the files are not strings.</exception>
    public IReadOnlyDictionary<string, string> ChatTemplates => ChatSet.Texts;

    private ChatTemplateSet ChatSet => field ??= ChatTemplateSet.Read(_files);

    /// <summary>
    /// Renders messages with a chat template in the format that the model was trained on. Templates run in a sandbox: they see only the messages and
    /// options, and one that exceeds its limits on running time or output is stopped.
    /// </summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="options">
    /// The template, tools and generation prompt. If null, the tokenizer's default template is used without tools or generation prompt.
    /// </param>
    /// <returns>The rendered text, with its tokens and assistant mask computed on request.</returns>
    /// <exception cref="ArgumentException">There are no messages, the template does not exist, or the options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer has no chat template and the options name none.</exception>
    /// <exception cref="ChatTemplateException">The template has a syntax error, or rejects the messages.</exception>
    public RenderedChat ApplyChatTemplate(IReadOnlyList<ChatMessage> messages, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= ChatTemplateOptions.Default;
        if (messages.Count == 0)
            throw new ArgumentException("A chat needs at least one message.", nameof(messages));
        if (options is { AddGenerationPrompt: true, ContinueFinalMessage: true })
        {
            throw new ArgumentException(
                $"{nameof(options.ContinueFinalMessage)} continues the last message and {nameof(options.AddGenerationPrompt)} opens another; only one of them can be set.",
                nameof(options));
        }
        var variables = new ChatVariables(messages, options, _specials);
        var template = ChatSet.Choose(options);
        var encoding = new EncodeOptions { AddSpecialTokens = false, MaxLength = options.MaxLength, TruncationSide = options.TruncationSide };
        if (options.ContinueFinalMessage)
            return new RenderedChat(this, encoding, new FinalMessage(options.ContinuedField).Render(template, variables, options.Clock), null);
        var (text, generated, ends) = template.Render(variables.All, variables.Size, options.Clock);
        return new RenderedChat(this, encoding, text, generated) { Ends = [.. variables.Messages.Select(message => ends.GetValueOrDefault(message, -1))] };
    }
}
