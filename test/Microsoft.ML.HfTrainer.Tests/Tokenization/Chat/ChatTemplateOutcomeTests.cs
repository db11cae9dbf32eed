using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Chat;

/// <summary>
/// Expressions, blocks, whitespace and scopes, compared with the results of Jinja2 in the environment of Hugging Face Transformers. The fixture
/// script <c>chat_outcomes.py</c> records them.
/// </summary>
[TestClass]
public class ChatTemplateOutcomeTests
{
    private const string File = "test/Fixtures/chat/outcomes.json";

    public static IEnumerable<object[]> Sets => Enumerable.Range(0, Read().GetArrayLength()).Select(i => new object[] { i });

    [TestMethod]
    [DynamicData(nameof(Sets))]
    public void Templates_render_as_in_Jinja2(int set)
    {
        var recorded = Read()[set];
        var variables = JsonObject.Create(recorded.GetProperty("variables"))!;
        var cases = recorded.GetProperty("cases").EnumerateArray().ToList();
        var wrong = cases.Select(entry => Difference(entry, variables)).OfType<string>().ToList();
        Assert.IsGreaterThan(30, cases.Count, "cases");
        Assert.IsEmpty(wrong, $"{wrong.Count} of {cases.Count} differ:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static string? Difference(JsonElement entry, JsonObject variables)
    {
        var template = entry.GetProperty("template").GetString()!;
        try
        {
            var (text, generated, _) = RenderedTemplate.Render(template, variables);
            var stretches = string.Join(' ', generated.Select(stretch => $"{stretch.Start}-{stretch.End}"));
            return entry.TryGetProperty("error", out var error) ? $"{template}: '{text}' in place of {error}"
                : text != entry.GetProperty("text").GetString() ? $"{template}: '{text}' in place of '{entry.GetProperty("text")}'"
                : stretches != Stretches(entry) ? $"{template}: generated {stretches} in place of {Stretches(entry)}"
                : null;
        }
        catch (ChatTemplateException refused)
        {
            return entry.TryGetProperty("error", out _) ? null : $"{template}: {refused.Message}";
        }
    }

    private static string Stretches(JsonElement entry) => entry.TryGetProperty("generated", out var generated)
        ? string.Join(' ', generated.EnumerateArray().Select(stretch => $"{stretch[0]}-{stretch[1]}"))
        : "";

    private static JsonElement Read()
    {
        using var document = GoldenFolder.ReadJson(Path.Combine(GoldenFolder.Repository, File));
        return document.RootElement.GetProperty("sets").Clone();
    }
}
