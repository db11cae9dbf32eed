using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The cases of one tokenizer, by group: the encode cases, and what else the file and meta.json hold.</summary>
internal sealed class TokenizerCases
{
    // Groups that are no encode cases: they come from other fields of the case file, or from meta.json.
    public const string Decode = "decode", Settings = "settings", Raw = "raw", Calls = "hf_calls";

    private readonly JsonElement _root;
    private readonly ILookup<string, JsonElement> _cases;

    public TokenizerCases(string folder, string caseFile)
    {
        Folder = folder;
        using var document = GoldenFolder.ReadJson(Path.Combine(folder, caseFile));
        _root = document.RootElement.Clone();
        var metaFile = Path.Combine(folder, "meta.json");
        if (File.Exists(metaFile))
        {
            using var meta = GoldenFolder.ReadJson(metaFile);
            Meta = meta.RootElement.Clone();
        }
        _cases = _root.GetProperty("cases").EnumerateArray()
            .Where(entry => entry.TryGetProperty("g", out _)).ToLookup(entry => entry.GetProperty("g").GetString()!);
    }

    public string Folder { get; }

    public JsonElement Meta { get; }

    public IEnumerable<JsonElement> this[string group] => _cases[group];

    public IEnumerable<JsonElement> Decodes => _root.GetProperty(Decode).EnumerateArray();

    /// <summary>The calls of the original's class, but for those on inputs to which that class gives other ids than tokenizer.json.</summary>
    public IEnumerable<JsonElement> ClassCalls
    {
        get
        {
            var others = _root.GetProperty("parity").TryGetProperty("v5_class", out var list)
                ? list.EnumerateArray().Select(entry => entry.GetProperty("in").GetRawText()).ToHashSet()
                : [];
            return _root.GetProperty(Calls).EnumerateArray()
                .Where(call => !call.GetProperty("in").EnumerateArray().Any(input => others.Contains(input.GetRawText())) && !IsOtherThanItsCases(call));
        }
    }

    public IEnumerable<string> Groups
    {
        get
        {
            foreach (var group in _cases)
                yield return group.Key;
            if (_root.TryGetProperty(Decode, out _))
                yield return Decode;
            if (_root.TryGetProperty(Calls, out _))
                yield return Calls;
            if (Meta.ValueKind == JsonValueKind.Object)
                yield return Settings;
            if (RawNames.Count > 0)
                yield return Raw;
        }
    }

    /// <summary>The raw vocabulary files of the folder, from which a tokenizer can be made without tokenizer.json.</summary>
    public IReadOnlyList<string> RawNames => Meta.ValueKind == JsonValueKind.Object && Meta.TryGetProperty(Raw, out var raw)
        && raw.TryGetProperty("from", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];

    /// <summary>The ids that the class of the original makes of raw files, by input, where they are not those of tokenizer.json.</summary>
    public IReadOnlyDictionary<string, JsonElement> RawIds
    {
        get
        {
            var parity = _root.GetProperty("parity");
            if (!parity.TryGetProperty("v5_class_from_raw", out var list) && !parity.TryGetProperty("v5_class", out list))
                return new Dictionary<string, JsonElement>();
            return list.EnumerateArray().ToDictionary(entry => entry.GetProperty("in").GetRawText(), entry => entry.GetProperty("ids"));
        }
    }

    /// <summary>The input that a reference such as <c>["pair", 3]</c> names, encoded.</summary>
    public TokenEncoding Encode(HfTokenizer tokenizer, JsonElement reference, EncodeOptions options) => Input(reference) switch
    {
        (string text, var pair) => tokenizer.Encode(text, (string?)pair, options),
        var (words, pair) => tokenizer.EncodeWords((string[])words, (string[]?)pair, options),
    };

    /// <summary>The inputs that references name, encoded as one batch; they are all texts or all lists of words.</summary>
    public BatchEncoding EncodeBatch(HfTokenizer tokenizer, IEnumerable<JsonElement> references, EncodeOptions options)
    {
        var inputs = references.Select(Input).ToList();
        return inputs[0].First is string
            ? tokenizer.EncodeBatch([.. inputs.Select(input => (string)input.First)], [.. inputs.Select(input => (string?)input.Second)], options)
            : tokenizer.EncodeWordsBatch([.. inputs.Select(input => (string[])input.First)], [.. inputs.Select(input => (string[]?)input.Second)], options);
    }

    /// <summary>The texts, or lists of words, that a reference names.</summary>
    public (object First, object? Second) Input(JsonElement reference) =>
        Read(reference[0].GetString()!, Inputs(reference[0].GetString()!)[reference[1].GetInt32()]);

    /// <summary>All inputs of a kind, such as <c>word_pair</c>; none where the file has none.</summary>
    public IEnumerable<(object First, object? Second)> InputsOf(string kind) =>
        Inputs(kind) is { ValueKind: JsonValueKind.Array } inputs ? inputs.EnumerateArray().Select(input => Read(kind, input)) : [];

    private JsonElement Inputs(string kind)
    {
        var list = kind switch { "text" => "texts", "pair" => "pairs", "word_pair" => "word_pairs", _ => kind };
        return _root.GetProperty("inputs").TryGetProperty(list, out var inputs) ? inputs : default;
    }

    private static (object First, object? Second) Read(string kind, JsonElement input)
    {
        return kind switch
        {
            "text" => (input.GetString()!, null),
            "pair" => (input[0].GetString()!, input[1].GetString()),
            "words" => (Words(input), null),
            "word_pair" => (Words(input[0]), Words(input[1])),
            _ => throw new InvalidDataException($"Input of unknown kind '{kind}'."),
        };

        static string[] Words(JsonElement words) => [.. words.EnumerateArray().Select(word => word.GetString()!)];
    }

    /// <summary>
    /// Whether the class of the original gives the tokens of the first text other offsets than tokenizer.json does, as far as the encode cases of the
    /// input tell: it may split the text otherwise and come to the same ids.
    /// </summary>
    public bool HasOtherOffsets(JsonElement call)
    {
        var input = call.GetProperty("in")[0].GetRawText();
        var entry = _cases["default"].FirstOrDefault(entry => entry.TryGetProperty("in", out var other) && other.GetRawText() == input);
        if (entry.ValueKind == JsonValueKind.Undefined || call.GetProperty("in").GetArrayLength() == 1)
            return false;
        var encoding = entry.GetProperty("out")[0];
        var first = encoding.GetProperty("seq").EnumerateArray().Count(sequence => sequence.ValueKind == JsonValueKind.Number && sequence.GetInt32() == 0);
        var output = call.GetProperty("out");
        var padding = output.GetProperty("attention_mask")[0].EnumerateArray().TakeWhile(value => value.GetInt32() == 0).Count();
        var begin = encoding.GetProperty("seq").EnumerateArray().TakeWhile(sequence => sequence.ValueKind == JsonValueKind.Null).Count();
        var expected = encoding.GetProperty("off").EnumerateArray().Skip(2 * begin).Take(2 * first).Select(offset => offset.GetInt32());
        return !output.GetProperty("offset_mapping")[0].EnumerateArray().Skip(padding + begin).Take(first)
            .SelectMany(range => range.EnumerateArray().Select(offset => offset.GetInt32())).SequenceEqual(expected);
    }

    // The list of differing inputs has texts and pairs alone; for a list of words the encode cases tell.
    private bool IsOtherThanItsCases(JsonElement call)
    {
        var inputs = call.GetProperty("in");
        if (inputs.GetArrayLength() != 1 || inputs[0][0].GetString() != "words")
            return false;
        var cases = _cases["words"].Where(entry => entry.TryGetProperty("in", out var input) && input.GetRawText() == inputs[0].GetRawText()).ToList();
        return cases.Count > 0 && call.TryGetProperty("out", out var output)
            && !cases.Any(entry => JsonElement.DeepEquals(entry.GetProperty("out")[0].GetProperty("ids"), output.GetProperty("input_ids")));
    }
}
