namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Chat;

[TestClass]
public class ChatTemplateErrorTests
{
    [TestMethod]
    [DataRow("a\n  {{ raise_exception('no ' ~ 1) }}", 2, 21, "no 1")]
    [DataRow("{% for m in [1] %}\n{{ m.x.y }}\n{% endfor %}", 2, 7, "an int has no attribute 'x'")]
    [DataRow("{{ {'role': 1}.content.strip() }}", 1, 23, "no attribute 'content'; its keys are 'role'")]
    [DataRow("{{ 'a' + 1 }}", 1, 8, "use '~' to concatenate values as strings")]
    [DataRow("{{ [1]|map('string')|length }}", 1, 22, "write '| list | length'")]
    [DataRow("{{ [1].append(2) }}", 1, 14, "'append' would modify a list")]
    [DataRow("{{ x | shout }}", 1, 8, "there is no filter 'shout'")]
    [DataRow("{{ x is loud }}", 1, 6, "there is no test 'loud'")]
    [DataRow("{{ 'a'|replace('a') }}", 1, 8, "the filter 'replace' needs 'new'")]
    [DataRow("{{ 'a'|upper(1) }}", 1, 8, "takes at most 1 arguments (s), not 2")]
    [DataRow("{{ 'a'.strip(characters=1) }}", 1, 13, "no parameter 'characters'; it has self, chars")]
    [DataRow("{% if a %}\nb", 2, 2, "'{% endif %}' of the tag that ends at line 1, column 9")]
    [DataRow("{% for a in b %}{% endif %}{% endfor %}", 1, 20, "expected 'endfor' or 'else'")]
    [DataRow("{% include 'other' %}", 1, 4, "cannot refer to other templates")]
    [DataRow("{{ a b }}", 1, 6, "expected '}}', found 'b'")]
    [DataRow("{{ (1] }}", 1, 6, "found ']' where ')' is missing")]
    [DataRow("{{ 'a", 1, 4, "this string is not terminated")]
    [DataRow("{% break %}", 1, 4, "outside a loop")]
    [DataRow("{% macro f(a) %}{% endmacro %}\n{{ f(1, 2) }}", 2, 5, "the macro 'f' takes at most 1 arguments, not 2")]
    public void Errors_name_the_position_and_the_problem(string template, int line, int column, string words)
    {
        var error = RenderedTemplate.Error(template);
        Assert.AreEqual((line, column), (error.Line, error.Column), error.Message);
        Assert.Contains(words, error.Reason);
        Assert.StartsWith($"The template, line {line}, column {column}: ", error.Message);
    }

    [TestMethod]
    public void Templates_cannot_reach_anything_but_values()
    {
        foreach (var name in new[] { "__class__", "__init__", "GetType", "Length", "ToString", "mro", "format_map" })
            Assert.AreEqual("|False", RenderedTemplate.Text($"{{{{ 'a'.{name} }}}}|{{{{ 'a'['{name}'] is defined }}}}"));
        Assert.Contains("__class__", RenderedTemplate.Error("{{ [].__class__.__name__ }}").Reason);
        Assert.Contains("must not begin with '_'", RenderedTemplate.Error("{{ namespace(__init__=1) }}").Reason);
    }
}
