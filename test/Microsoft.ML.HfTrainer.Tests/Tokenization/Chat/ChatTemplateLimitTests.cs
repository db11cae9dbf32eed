using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Chat;

/// <summary>Templates that would run or write without end are stopped; templates that are merely large are not.</summary>
[TestClass]
public class ChatTemplateLimitTests
{
    [TestMethod]
    [DataRow("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [DataRow("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}")]
    [DataRow("{% set n = namespace(l=[1]) %}{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l|tojson }}")]
    [DataRow("{% set n = namespace(l=[1], m=[1]) %}{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% set n.m = [n.m, n.m] %}{% endfor %}{{ n.l == n.m }}")]
    [DataRow("{% set x = 'aé😀' * 100000 %}{% for i in range(100000) %}{{ x[i] }}{% endfor %}")]
    [DataRow("{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{{ 'b' in x }}{% endfor %}")]
    [DataRow("{{ [0] * 10000000000 }}")]
    [DataRow("{{ ('a' * 4000000).startswith(('a' * 3999999 ~ 'b',) * 100000) }}")]
    public void Steps_are_counted(string template) => Assert.Contains("too many steps", RenderedTemplate.Error(template).Reason);

    [TestMethod]
    [DataRow("{% set n = namespace(t='x') %}{% for i in range(99) %}{% set n.t = n.t ~ n.t %}{% endfor %}")]
    [DataRow("{{ 'a' * 10000000000 }}")]
    [DataRow("{{ ('a' * 1000000)|replace('a', 'b' * 100000) }}")]
    [DataRow("{{ (['b' * 100000] * 100000)|join }}")]
    [DataRow("{{ 'a'|center(2000000000) }}")]
    [DataRow("{{ '%*d' % (2000000000, 1) }}")]
    [DataRow("{{ '{:99999999}'.format(1) }}")]
    [DataRow("{{ [[1]]|tojson(indent=1000000000) }}")]
    public void Text_is_charged_before_it_is_created(string template) => Assert.Contains("too much text", RenderedTemplate.Error(template).Reason);

    [TestMethod]
    [DataRow("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [DataRow("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}")]
    [DataRow("{% set n = namespace() %}{% set n.self = n %}{{ n }}")]
    public void Depth_is_bounded(string template) => Assert.Contains("nested too deeply", RenderedTemplate.Error(template).Reason);

    [TestMethod]
    [DataRow("(", ")")]
    [DataRow("[", "]")]
    [DataRow("{1:", "}")]
    [DataRow("-", "")]
    [DataRow("x(", ")")]
    public void Depth_of_expressions_is_bounded(string open, string close) => Assert.Contains(
        "nested too deeply", RenderedTemplate.Error("{{ " + Repeat(open, 100_000) + "1" + Repeat(close, 100_000) + " }}").Reason);

    [TestMethod]
    public void Depth_of_blocks_is_bounded() => Assert.Contains("nested too deeply", RenderedTemplate.Error(Repeat("{% if 1 %}", 100_000)).Reason);

    [TestMethod]
    [DataRow("{{ 10 ** 1000000000 }}")]
    [DataRow("{% set n = namespace(t=2) %}{% for i in range(99) %}{% set n.t = n.t * n.t %}{% endfor %}")]
    public void Numbers_are_bounded(string template) => Assert.Contains("too large", RenderedTemplate.Error(template).Reason);

    [TestMethod]
    public void The_limits_grow_with_the_input()
    {
        var text = new string('a', 10_000_000);
        var rendered = RenderedTemplate.Render(
            "{% for m in messages %}{{ ('<' + m.content | trim + '>') | replace('b', 'c') ~ m.content.split('b')[-1] }}{% endfor %}",
            new() { ["messages"] = new System.Text.Json.Nodes.JsonArray(Enumerable.Range(0, 4).Select(_ => new System.Text.Json.Nodes.JsonObject { ["content"] = text }).ToArray()) });
        Assert.AreEqual(4 * (20_000_000 + 2), rendered.Text.Length);
    }

    [TestMethod]
    public void Quadratic_work_over_many_messages_is_allowed()
    {
        var messages = new System.Text.Json.Nodes.JsonArray(Enumerable.Range(0, 1000).Select(i => new System.Text.Json.Nodes.JsonObject { ["role"] = "user", ["content"] = "x" }).ToArray());
        var rendered = RenderedTemplate.Render(
            "{% for m in messages %}{% if m == (messages | selectattr('role', 'equalto', 'user') | list)[-1] %}{{ loop.index }} {% endif %}{% endfor %}", new() { ["messages"] = messages });
        Assert.EndsWith(" 1000 ", rendered.Text);
    }

    [TestMethod]
    public void A_date_format_of_millions_of_flags_takes_no_quadratic_time() =>
        Assert.AreEqual("4000001", RenderedTemplate.Text("{{ strftime_now('%' ~ '-' * 4000000) | length }}"));

    [TestMethod]
    public void Searching_a_long_text_for_a_long_text_takes_no_quadratic_time() => Assert.AreEqual(
        "[False, -1, -1, 0, 1, 1, '', True, '']",
        RenderedTemplate.Text(
            "{% set t = 'a' * 8000000 %}{% set p = 'a' * 4000000 ~ 'ba' %}{% set q = 'ab' ~ 'a' * 4000000 %}" +
            "{{ [p in t, t.find(p), t.rfind(q), t.count(p), t.split(p) | length, t.rsplit(q) | length, t.partition(p)[1], t.replace(p, '') == t, t.strip(p)] }}"));

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
