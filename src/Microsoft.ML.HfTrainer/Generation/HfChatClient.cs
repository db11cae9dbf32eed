using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.ML.HfTrainer.Generation;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;
using AIChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Microsoft.ML.HfTrainer;

/// <summary>Answers chats with a causal language model and the chat template of its tokenizer, as an <see cref="IChatClient"/> of Microsoft.Extensions.AI.</summary>
/// <remarks>
/// <para>
/// Of <see cref="ChatOptions"/> the client follows <see cref="ChatOptions.Instructions"/> (a system message before the others), <see cref="ChatOptions.Temperature"/> (0 to always take the most probable token),
/// <see cref="ChatOptions.TopP"/>, <see cref="ChatOptions.TopK"/>, <see cref="ChatOptions.MaxOutputTokens"/>, <see cref="ChatOptions.StopSequences"/>, <see cref="ChatOptions.Seed"/> and
/// <see cref="ChatOptions.RawRepresentationFactory"/>, which may return a <see cref="GenerationConfig"/>. What is not set is taken from the settings of the client, then from those of the model; if none of them
/// limits the length, an answer has at most 512 tokens. Tools, response formats other than text, and penalties throw a <see cref="NotSupportedException"/>.
/// </para>
/// <para>Any number of threads may use one client. Disposing it does not dispose the model.</para>
/// </remarks>
public sealed class HfChatClient : IChatClient
{
    private const int DefaultOutputTokens = 512;

    private readonly HeadedModel _model;
    private readonly HfTokenizer _tokenizer;
    private readonly GenerationConfig _settings;
    private readonly ChatTemplateOptions _template;

    /// <summary>Creates a client.</summary>
    /// <param name="model">The model, as <see cref="AutoModelForCausalLM"/> loads it. The caller remains its owner.</param>
    /// <param name="tokenizer">The tokenizer of the model, with a chat template.</param>
    /// <param name="settings">The settings of generation. Those that are not set, or all if null, are taken from the model.</param>
    /// <param name="template">The template and its variables, such as <c>enable_thinking</c>. If null, the tokenizer's default template is used.</param>
    /// <exception cref="ArgumentException">The model is no causal language model, or the tokenizer has no chat template.</exception>
    public HfChatClient(PretrainedModel model, HfTokenizer tokenizer, GenerationConfig? settings = null, ChatTemplateOptions? template = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        _model = model is HeadedModel { Kind: ModelHead.CausalLM } causal ? causal
            : throw new ArgumentException($"{model.ClassName} does not continue texts; load the model with {nameof(AutoModelForCausalLM)}.", nameof(model));
        if (template?.Template is null && tokenizer.ChatTemplates.Count == 0)
            throw new ArgumentException(
                $"The tokenizer '{tokenizer.Name}' has no chat template; put a chat_template.jinja into its folder, or give one in {nameof(ChatTemplateOptions)}.{nameof(ChatTemplateOptions.Template)}.", nameof(tokenizer));
        (_tokenizer, _settings, _template) = (tokenizer, settings ?? new(), (template ?? new()) with { AddGenerationPrompt = true });
    }

    /// <summary>Begins a use of the model, which its owner does not end before the result is disposed; null if nobody else owns the model.</summary>
    internal Func<IDisposable>? BeginUse { get; init; }

    /// <summary>Answers a chat.</summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="options">The options of this answer. If null, those of the client and of the model apply.</param>
    /// <param name="cancellationToken">Ends generation before the next token.</param>
    /// <returns>The answer, with the numbers of tokens in <see cref="ChatResponse.Usage"/>.</returns>
    /// <exception cref="ArgumentException">Settings are out of range or contradict each other, or the chat has more tokens than the model has positions.</exception>
    /// <exception cref="ChatTemplateException">The template rejects the messages.</exception>
    /// <exception cref="NotSupportedException">An option, or the content of a message, is not supported.</exception>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<AIChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <summary>Answers a chat piece by piece, while the answer is generated on a thread of its own. Generation ends when the enumeration does.</summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="options">The options of this answer. If null, those of the client and of the model apply.</param>
    /// <param name="cancellationToken">Ends generation before the next token.</param>
    /// <returns>Pieces of the answer, each of whole characters. The last update has the finish reason and the numbers of tokens.</returns>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<AIChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        CheckSupported(options);
        using var use = BeginUse?.Invoke();
        var prompt = _tokenizer.ApplyChatTemplate([.. Converted(messages, options?.Instructions)], _template).Ids;
        return Answer(prompt, Settings(options, prompt.Length), options, cancellationToken);
    }

    /// <summary>Returns the client itself, its model, its tokenizer, or its <see cref="ChatClientMetadata"/>.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">The key of the service; no service has a key.</param>
    /// <returns>The service, or null if there is none.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        object[] services = [this, _model, _tokenizer, new ChatClientMetadata("Microsoft.ML.HfTrainer", defaultModelId: _tokenizer.Name)];
        return serviceKey is null ? Array.Find(services, serviceType.IsInstanceOfType) : null;
    }

    /// <summary>Does nothing: the model belongs to the caller that created it.</summary>
    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Answer(int[] prompt, GenerationConfig settings, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        // The model's own settings may have stop strings too.
        var all = settings.Over(_model.CurrentGenerationConfig());
        var text = new TextBeforeStop([.. all.StopStrings ?? []]);
        IReadOnlyList<int> tokens = [];
        await foreach (var piece in TextGeneration.Stream(_tokenizer, Generate, cancellationToken).ConfigureAwait(false))
            if (text.Add(piece) is { Length: > 0 } added)
                yield return Update(new TextContent(added));
        if (text.End() is { Length: > 0 } rest)
            yield return Update(new TextContent(rest));
        var isFull = tokens.Count >= (settings.MaxNewTokens ?? all.MaxLength - prompt.Length) && !text.IsStopped && all.EosTokenIds?.Contains(tokens[^1]) != true;
        var usage = Update(new UsageContent(new UsageDetails { InputTokenCount = prompt.Length, OutputTokenCount = tokens.Count, TotalTokenCount = prompt.Length + tokens.Count }));
        usage.FinishReason = isFull ? ChatFinishReason.Length : ChatFinishReason.Stop;
        yield return usage;

        void Generate(Action<int> onToken, CancellationToken ending)
        {
            using var use = BeginUse?.Invoke();
            using var generator = options?.Seed is { } seed ? new Generator((ulong)seed, _model.Device) : null;
            using var scope = NewDisposeScope();
            var given = new GenerationOptions { Tokenizer = _tokenizer, Generator = generator, OnTokens = next => onToken(next[0]) };
            tokens = _model.Generate(tensor(Array.ConvertAll(prompt, token => (long)token)).unsqueeze(0), null, settings, given, ending).NewTokens[0];
        }

        ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id, ModelId = _tokenizer.Name, CreatedAt = DateTimeOffset.UtcNow };
    }

    private GenerationConfig Settings(ChatOptions? options, int promptLength)
    {
        var settings = ((options?.RawRepresentationFactory?.Invoke(this) as GenerationConfig) ?? new()).Over(_settings);
        // An answer is one text that grows at its end.
        (settings.NumBeams, settings.NumReturnSequences) = (1, 1);
        if (options?.Temperature is 0)
        {
            settings.DoSample = false;
            (settings.Temperature, settings.TopP, settings.TopK) = (null, null, null);
        }
        else if (options is { Temperature: not null } or { TopP: not null } or { TopK: not null })
        {
            settings.DoSample = true;
            settings.Temperature = options.Temperature ?? settings.Temperature;
            settings.TopP = options.TopP ?? settings.TopP;
            settings.TopK = options.TopK ?? settings.TopK;
        }
        if (options?.StopSequences is { Count: > 0 } stops)
            settings.StopStrings = [.. stops];
        var known = _model.CurrentGenerationConfig();
        if ((options?.MaxOutputTokens ?? settings.MaxNewTokens ?? (settings.MaxLength is null ? known.MaxNewTokens ?? (known.MaxLength is null ? DefaultOutputTokens : null) : null)) is { } count)
        {
            // The last token is not read.
            var room = (_model.Body.MaxLength ?? _model.Config.GetIntOrNull("max_position_embeddings") ?? int.MaxValue) - promptLength + 1;
            (settings.MaxNewTokens, settings.MaxLength) = ((int)Math.Min(count, Math.Max(1, room)), null);
        }
        return settings;
    }

    private static void CheckSupported(ChatOptions? options)
    {
        var refused = new List<string>();
        if (options?.Tools is { Count: > 0 })
            refused.Add(nameof(options.Tools));
        if (options?.ResponseFormat is { } format and not ChatResponseFormatText)
            refused.Add($"{nameof(options.ResponseFormat)} {format.GetType().Name}");
        if (options is { FrequencyPenalty: not (null or 0) })
            refused.Add(nameof(options.FrequencyPenalty));
        if (options is { PresencePenalty: not (null or 0) })
            refused.Add(nameof(options.PresencePenalty));
        if (refused.Count > 0)
            throw new NotSupportedException($"ChatOptions has {string.Join(", ", refused)}, which {nameof(HfChatClient)} does not support; leave {(refused.Count == 1 ? "it" : "them")} out.");
    }

    private static IEnumerable<ChatMessage> Converted(IEnumerable<AIChatMessage> messages, string? instructions)
    {
        if (instructions is not null)
            yield return ChatMessage.System(instructions);
        foreach (var message in messages)
            yield return message.Contents.FirstOrDefault(content => content is not (TextContent or TextReasoningContent or UsageContent)) is { } other
                ? throw new NotSupportedException($"A message of the role '{message.Role}' holds a {other.GetType().Name}; {nameof(HfChatClient)} takes text alone.")
                : new ChatMessage(message.Role.Value, message.Text);
    }
}
