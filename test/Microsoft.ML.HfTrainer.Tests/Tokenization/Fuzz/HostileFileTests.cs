using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Fuzz;

/// <summary>
/// Tokenizer files in which one value at a time has another kind, is out of range or missing: each loads, or is refused with an error that names the
/// tokenizer; what loads can encode, or refuses the text.
/// </summary>
[TestClass]
[TestCategory("GoldenTokenizers")]
public class HostileFileTests
{
    // Of lists and objects with many values, such as a vocabulary, only the first is changed.
    private const int First = 3;

    private static readonly string?[] Values =
        [null, "null", "true", "-1", "2147483647", "4294967296", "1e300", "0.5", "\"\"", "\"x\"", "\"\\uD83D\\uDE42\"", "[]", "[[]]", "{}", "{ \"type\": \"Sequence\" }"];

    public static IEnumerable<object[]> Rows => GoldenFolder.Cases("tokenizers", "tokenizer.json")
        .Where(folder => new FileInfo(Path.Combine(folder, "tokenizer.json")).Length < 1 << 17)
        .GroupBy(Parts).Select(group => new object[] { Path.GetFileName(group.First()) });

    public static string RowName(MethodInfo method, object[] row) => $"{row[0]}";

    [TestMethod]
    public void Files_are_found() => GoldenFolder.AssertFound("tokenizers", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void A_file_with_one_wrong_value_loads_or_is_refused(string folder)
    {
        var path = Path.Combine(GoldenFolder.Path, "tokenizers", folder);
        var files = Directory.GetFiles(path).Where(file => file.EndsWith(".json", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        SkipIfNotCovered(files);
        var changes = new[] { "tokenizer.json", "tokenizer_config.json" }.Where(files.ContainsKey)
            .SelectMany(file => Places(JsonNode.Parse(files[file])!, []).SelectMany(place => Values.Select(value => (file, place, value)))).ToList();
        Assert.IsGreaterThan(500, changes.Count);
        var (loaded, refused) = (0, 0);
        Parallel.ForEach(changes, change =>
        {
            var changed = new Dictionary<string, byte[]>(files) { [change.file] = Change(files[change.file], change.place, change.value) };
            try
            {
                Use(HfTokenizer.FromFiles("tiny", changed));
                Interlocked.Increment(ref loaded);
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException && error.Message.Contains("'tiny'"))
            {
                Interlocked.Increment(ref refused);
            }
            catch (Exception error)
            {
                Assert.Fail($"{change.file} with {change.value ?? "nothing"} at {string.Join('.', change.place)}: {error}");
            }
        });
        Assert.IsTrue(loaded > 100 && refused > 100, $"{loaded} loaded, {refused} refused");
    }

    private static void SkipIfNotCovered(Dictionary<string, byte[]> files)
    {
        try
        {
            HfTokenizer.FromFiles("tiny", files);
        }
        catch (MissingPartException missing)
        {
            GoldenFolder.Skip($"tokenizer parts {string.Join(", ", missing.Parts)} are not registered");
        }
    }

    private static void Use(HfTokenizer tokenizer)
    {
        foreach (var text in new[] { "", "the sea's calm 1,234.  <s>x漢🙂\uD83D", "e\u0301 [MASK]\r\n" })
        {
            try
            {
                var encoding = tokenizer.Encode(text, text, new() { MaxLength = 12 });
                tokenizer.Decode(encoding.Ids);
                _ = encoding.Overflowing.Count + encoding.Tokens.Length;
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException && error.Message.Length > 40)
            {
                // A text may need what the file has lost, such as an unknown token.
            }
        }
    }

    private static IEnumerable<object[]> Places(JsonNode node, object[] path)
    {
        IEnumerable<(object Key, JsonNode? Child)> children = node switch
        {
            JsonObject inner => inner.Take(inner.Count > 20 ? First : 20).Select(entry => ((object)entry.Key, entry.Value)),
            JsonArray items => items.Take(First).Select((item, i) => ((object)i, item)),
            _ => [],
        };
        foreach (var (key, child) in children.ToList())
        {
            object[] place = [.. path, key];
            yield return place;
            if (child is null)
                continue;
            foreach (var below in Places(child, place))
                yield return below;
        }
    }

    private static byte[] Change(byte[] file, object[] place, string? value)
    {
        var root = JsonNode.Parse(file)!;
        var parent = place[..^1].Aggregate(root, (node, key) => key is int i ? node[i]! : node[(string)key]!);
        var node = value is null ? null : JsonNode.Parse(value);
        switch (parent, place[^1])
        {
            case (JsonArray items, int i) when value is null:
                items.RemoveAt(i);
                break;
            case (JsonArray items, int i):
                items[i] = node;
                break;
            case (JsonObject inner, string key) when value is null:
                inner.Remove(key);
                break;
            default:
                parent[(string)place[^1]] = node;
                break;
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    // Tokenizers with the same components would only repeat each other.
    private static string Parts(string folder)
    {
        using var json = GoldenFolder.ReadJson(Path.Combine(folder, "tokenizer.json"));
        return string.Join(' ', Types(JsonNode.Parse(json.RootElement.GetRawText())!));
    }

    private static IEnumerable<string> Types(JsonNode? node) => node switch
    {
        JsonObject inner => inner.SelectMany(entry => entry.Key == "type" ? [$"{entry.Value}"] : entry.Key == "vocab" ? [] : Types(entry.Value)),
        JsonArray items => items.Take(8).SelectMany(Types),
        _ => [],
    };
}
