using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The files of a tokenizer, byte for byte.</summary>
internal sealed class TokenizerFiles(string name, IReadOnlyDictionary<string, byte[]> files)
{
    public const string Tokenizer = "tokenizer.json", Vocabulary = "vocab.txt", Configuration = "tokenizer_config.json",
        SpecialTokens = "special_tokens_map.json", ChatTemplate = "chat_template.jinja", ChatTemplates = "additional_chat_templates/";

    /// <summary>What belongs to a tokenizer in the folders of the hub; the rest of such a folder is the model's.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        Tokenizer, Vocabulary, Configuration, SpecialTokens, "added_tokens.json", ChatTemplate, "vocab.json", "merges.txt",
        "spiece.model", "spm.model", "tokenizer.model", "sentencepiece.bpe.model", "sentencepiece.model", "source.spm", "target.spm",
    ];

    public string Name => name;

    public IReadOnlyDictionary<string, byte[]> All { get; } = files.ToFrozenDictionary(StringComparer.Ordinal);

    public static TokenizerFiles ReadFolder(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var files = Known.Select(file => Path.Combine(path, file)).Where(File.Exists).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        var templates = Path.Combine(path, ChatTemplates);
        if (Directory.Exists(templates))
        {
            foreach (var file in Directory.EnumerateFiles(templates, "*.jinja"))
                files.Add(ChatTemplates + Path.GetFileName(file), File.ReadAllBytes(file));
        }
        return new TokenizerFiles(ModelFolder.NameOf(path), files);
    }

    /// <summary>Whether a file is a chat template beside the default one: those alone lie in a folder of their own.</summary>
    public static bool IsChatTemplate(string file) =>
        file.StartsWith(ChatTemplates, StringComparison.Ordinal) && file.EndsWith(".jinja", StringComparison.Ordinal)
        && !file.AsSpan(ChatTemplates.Length).ContainsAny('/', '\\');

    /// <summary>The first 16 hexadecimal digits of a hash over names and contents.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (file, content) in All.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0{content.Length}\0"));
            hash.AppendData(content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    public LoadContext Context(string file) => new(name, file);

    /// <summary>The root object of a JSON file, or null where the file is absent.</summary>
    public PartReader? Json(string file)
    {
        if (!All.TryGetValue(file, out var content))
            return null;
        try
        {
            // The element is cloned so that the document's pooled memory goes back.
            using var document = JsonDocument.Parse(WithoutMark(content));
            if (JsonStrings.FirstBroken(WithoutMark(content).Span) is { } place)
            {
                throw new InvalidDataException(
                    $"{file} of the tokenizer '{name}' has a string at byte {place} that is no text: bytes that are not UTF-8, or half a surrogate pair.");
            }
            var json = new PartReader(document.RootElement.Clone(), "", Context(file));
            return json.Element.ValueKind == JsonValueKind.Object ? json : throw json.Error("it must hold one JSON object.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"{file} of the tokenizer '{name}' is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}); " +
                "was it cut off, is it a Git LFS pointer, or does it go more than 64 levels deep?", error);
        }
    }

    /// <summary>The lines of a text file, or null where the file is absent.</summary>
    public List<string>? Lines(string file)
    {
        if (Text(file) is not { } text)
            return null;
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>The content of a text file, or null where the file is absent.</summary>
    public string? Text(string file)
    {
        if (!All.TryGetValue(file, out var content))
            return null;
        try
        {
            return new UTF8Encoding(false, true).GetString(WithoutMark(content).Span);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{file} of the tokenizer '{name}' is not UTF-8 text (byte {error.Index}).", error);
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] content) =>
        content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsMemory(3) : content;
}
