using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>The chat templates of a tokenizer, parsed on first use.</summary>
internal sealed class ChatTemplateSet
{
    private const string Default = "default", ForTools = "tool_use", Extension = ".jinja", ConfigurationField = "chat_template";

    private readonly string _tokenizer;
    private readonly ConcurrentDictionary<string, ChatTemplate> _parsed = new(StringComparer.Ordinal);
    private ChatTemplate? _lastGiven;

    private ChatTemplateSet(string tokenizer, IReadOnlyDictionary<string, string> texts) => (_tokenizer, Texts) = (tokenizer, texts);

    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Reads the templates; separate files take precedence over tokenizer_config.json.</summary>
    public static ChatTemplateSet Read(TokenizerFiles files)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (files.Text(TokenizerFiles.ChatTemplate) is { } text)
            texts[Default] = text;
        foreach (var file in files.All.Keys.Where(TokenizerFiles.IsChatTemplate).Order(StringComparer.Ordinal))
            texts[file[TokenizerFiles.ChatTemplates.Length..^Extension.Length]] = files.Text(file)!;
        if (texts.Count == 0 && files.Json(TokenizerFiles.Configuration)?.Child(ConfigurationField) is { } field)
            ReadField(field, texts);
        return new ChatTemplateSet(files.Name, texts);
    }

    /// <summary>Returns the template that the options select or contain, or the default one.</summary>
    public ChatTemplate Choose(ChatTemplateOptions options)
    {
        if (options.Template is not { } given)
            return Named(options.Tools is not null && Texts.ContainsKey(ForTools) ? ForTools : Default);
        if (Texts.ContainsKey(given))
            return Named(given);
        if (!given.Contains('{'))
        {
            throw new ArgumentException(
                $"The tokenizer '{_tokenizer}' has no chat template '{given}' ({Known}), and the text is not a template, as it would not render the messages.",
                nameof(options));
        }
        // Callers usually pass the same template with every call.
        var last = _lastGiven;
        return last?.Text == given ? last : _lastGiven = new ChatTemplate("chat template of the options", given);
    }

    private string Known => Texts.Count == 0 ? "it has none" : $"it has {string.Join(", ", Texts.Keys.Select(name => $"'{name}'"))}";

    private ChatTemplate Named(string name) => Texts.TryGetValue(name, out var text)
        ? _parsed.GetOrAdd(name, _ => new ChatTemplate($"chat template '{name}' of the tokenizer '{_tokenizer}'", text))
        : throw new InvalidOperationException(
            $"The tokenizer '{_tokenizer}' has no chat template '{name}' ({Known}); " +
            $"select or pass one in {nameof(ChatTemplateOptions)}.{nameof(ChatTemplateOptions.Template)}.");

    private static void ReadField(PartReader field, Dictionary<string, string> texts)
    {
        if (field.Element.ValueKind == JsonValueKind.String)
        {
            texts[Default] = field.AsText();
            return;
        }
        if (field.Element.ValueKind != JsonValueKind.Array)
            throw field.Error("it must be a template, or a list of objects with 'name' and 'template'.");
        foreach (var template in field.AsItems())
            texts[template.Text("name")] = template.Text("template");
    }
}
