using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Formats;

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

    public static TokenizerFiles ReadFolder(string folder, string name)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var files = Known.Select(file => Path.Combine(path, file)).Where(File.Exists).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        var templates = Path.Combine(path, ChatTemplates);
        if (Directory.Exists(templates))
        {
            foreach (var file in Directory.EnumerateFiles(templates, "*.jinja"))
                files.Add(ChatTemplates + Path.GetFileName(file), File.ReadAllBytes(file));
        }
        return new TokenizerFiles(name, files);
    }

    /// <summary>Returns true if a file is one of the additional chat templates, which are in a folder of their own.</summary>
    public static bool IsChatTemplate(string file) =>
        file.StartsWith(ChatTemplates, StringComparison.Ordinal) && file.EndsWith(".jinja", StringComparison.Ordinal) && FileNames.IsSafe(file[ChatTemplates.Length..]);

    /// <summary>Returns true if a file can be written into a tokenizer's folder without leaving it, on any system.</summary>
    public static bool IsSafeName(string file) => FileNames.IsSafe(file) || IsChatTemplate(file);

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
        var json = new PartReader(StrictJson.ParseElement($"{file} of the tokenizer '{name}'", WithoutMark(content)), "", Context(file));
        return json.Element.ValueKind == JsonValueKind.Object ? json : throw json.Error("it must hold one JSON object.");
    }

    /// <summary>The lines of a text file, or null where the file is absent. A byte order mark is left out, or with <paramref name="keepsMark"/> a part of the first line.</summary>
    public List<string>? Lines(string file, bool keepsMark = false)
    {
        if (Text(file, keepsMark) is not { } text)
            return null;
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>The content of a text file, or null where the file is absent.</summary>
    public string? Text(string file, bool keepsMark = false)
    {
        if (!All.TryGetValue(file, out var content))
            return null;
        try
        {
            return new UTF8Encoding(false, true).GetString(keepsMark ? content : WithoutMark(content).Span);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{file} of the tokenizer '{name}' is not UTF-8 text (byte {error.Index}).", error);
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] content) =>
        content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsMemory(3) : content;
}
