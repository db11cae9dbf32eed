using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Chat;

[TestClass]
public class ChatTemplateFuzzTests
{
    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "|", "(", ")", "[", "]", "{", "}", ".", ",", ":", "=", "~", "'", "\"", "\\", "\n", " ", "%", "*", "**", "//", "0", "9",
        "1e9", "if", "else", "for", "in", "is", "not", "and", "endfor", "endif", "set", "macro", "loop", "none", "true", "x", "😀", "\ud800", "\0", "é", "{% raw %}", "{% set x %}",
        "|list", "|first", "|tojson", "|sort", "|int", ".items()", "[::-1]", "()", "*99999", "%s",
    ];

    /// <summary>Templates with pieces inserted, removed and exchanged are rendered or refused; no other exception escapes.</summary>
    [TestMethod]
    public void Damaged_templates_are_rendered_or_refused()
    {
        using var document = GoldenFolder.ReadJson(Path.Combine(GoldenFolder.Repository, "test/Fixtures/chat/outcomes.json"));
        var sets = document.RootElement.GetProperty("sets").EnumerateArray()
            .Select(set => (Variables: JsonObject.Create(set.GetProperty("variables"))!, Templates: Templates(set))).ToArray();
        var random = new Random(17);
        var (rendered, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var (variables, templates) = sets[i % sets.Length];
            var template = templates[random.Next(templates.Length)];
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                template = Change(template, templates[random.Next(templates.Length)], random);
            try
            {
                RenderedTemplate.Render(template, variables);
                rendered++;
            }
            catch (ChatTemplateException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"{template}\n{error}");
            }
        }
        Assert.IsGreaterThan(1000, Math.Min(rendered, refused), $"{rendered} were rendered, {refused} refused");
    }

    private static string[] Templates(JsonElement set) =>
        [.. set.GetProperty("cases").EnumerateArray().Select(entry => entry.GetProperty("template").GetString()!)];

    private static string Change(string template, string other, Random random)
    {
        var at = random.Next(template.Length + 1);
        var end = Math.Min(at + random.Next(4), template.Length);
        var from = random.Next(other.Length);
        return template[..at] + random.Next(4) switch
        {
            0 => Pieces[random.Next(Pieces.Length)] + template[at..],
            1 => template[end..],
            2 => Pieces[random.Next(Pieces.Length)] + template[end..],
            _ => other.Substring(from, Math.Min(random.Next(12), other.Length - from)) + template[end..],
        };
    }
}
