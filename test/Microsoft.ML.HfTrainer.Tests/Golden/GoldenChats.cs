using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Chats as text, tokens and masks against those of the original, one row for each case of a file that holds chat templates.</summary>
[TestClass]
[TestCategory("GoldenTokenizers")]
public class GoldenChats
{
    private const string Suite = "tokenizers", CaseFile = "cases.json.gz", Templates = "templates", Cases = "cases";

    private static readonly ConcurrentDictionary<string, JsonElement> Cache = [];

    public static IEnumerable<object[]> Rows => GoldenFolder.Cases(Suite, CaseFile)
        .Where(folder => Load(folder).TryGetProperty(Templates, out _))
        .SelectMany(folder => Enumerable.Range(0, Load(folder).GetProperty(Cases).GetArrayLength()).Select(i => new object[] { Path.GetFileName(folder), i }));

    public static string RowName(MethodInfo method, object[] row)
    {
        var entry = Load(Path.Combine(GoldenFolder.Path, Suite, (string)row[0])).GetProperty(Cases)[(int)row[1]];
        return $"{row[0]} / {row[1]}: {entry.GetProperty("template")} with {entry.GetProperty("tokenizer")}";
    }

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound(Suite, Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string folder, int index)
    {
        var path = Path.Combine(GoldenFolder.Path, Suite);
        var root = Load(Path.Combine(path, folder));
        var entry = root.GetProperty(Cases)[index];
        var tokenizer = Open(Path.Combine(path, entry.GetProperty("tokenizer").GetString()!));
        var expected = entry.GetProperty("out");
        var chat = tokenizer.ApplyChatTemplate(
            ChatMessage.ParseAll(entry.GetProperty("messages").GetRawText()),
            Options(entry, root.GetProperty(Templates).GetProperty(entry.GetProperty("template").GetString()!).GetString()!));
        Assert.AreEqual(expected.GetProperty("text").GetString(), chat.Text, StringComparer.Ordinal);
        AssertNumbers(expected, "input_ids", chat.Ids);
        AssertNumbers(expected, "attention_mask", chat.AttentionMask);
        if (entry.GetProperty("mask").GetBoolean())
            AssertNumbers(expected, "assistant_masks", chat.AssistantMask);
    }

    private static ChatTemplateOptions Options(JsonElement entry, string template) => new()
    {
        Template = template,
        AddGenerationPrompt = entry.GetProperty("add_generation_prompt").GetBoolean(),
        ContinueFinalMessage = entry.TryGetProperty("continue_final_message", out var continues) && continues.GetBoolean(),
        Tools = List(entry, "tools"),
        Documents = List(entry, "documents"),
        Variables = entry.TryGetProperty("kwargs", out var variables) ? JsonObject.Create(variables)!.ToDictionary() : null,
    };

    private static JsonNode[]? List(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var items) ? [.. JsonArray.Create(items)!.Select(item => item!)] : null;

    private static void AssertNumbers(JsonElement expected, string name, int[] actual) => Assert.AreEqual(
        string.Join(' ', expected.GetProperty(name).EnumerateArray().Select(number => number.GetInt32().ToString(CultureInfo.InvariantCulture))),
        string.Join(' ', actual), StringComparer.Ordinal, name);

    private static JsonElement Load(string folder) => Cache.GetOrAdd(folder, path =>
    {
        using var document = GoldenFolder.ReadJson(Path.Combine(path, CaseFile));
        return document.RootElement.Clone();
    });

    private static HfTokenizer Open(string folder)
    {
        if (!Directory.Exists(folder))
            GoldenFolder.Skip($"the tokenizer '{Path.GetFileName(folder)}' does not lie beside the cases");
        try
        {
            return HfTokenizer.FromPretrained(folder);
        }
        catch (MissingPartException missing)
        {
            GoldenFolder.Skip($"tokenizer parts {string.Join(", ", missing.Parts.Select(part => $"'{part}'"))} are not registered");
            throw;
        }
    }
}
