using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Chat;

/// <summary>Renders templates with variables from JSON.</summary>
internal static class RenderedTemplate
{
    public static string Text(string template, string variables = "{}") => Render(template, JsonNode.Parse(variables)!.AsObject()).Text;

    public static (string Text, IReadOnlyList<(int Start, int End)> Generated, IReadOnlyDictionary<object, int> Ends) Render(string template, JsonObject variables)
    {
        var values = new JsonValues();
        var given = variables.ToDictionary(variable => variable.Key, variable => values.Read(variable.Value));
        return new ChatTemplate("template", template).Render(given, values.Size, TimeProvider.System);
    }

    /// <summary>Returns the error of a template that must fail.</summary>
    public static ChatTemplateException Error(string template, string variables = "{}") =>
        Assert.ThrowsExactly<ChatTemplateException>(() => Text(template, variables));
}
