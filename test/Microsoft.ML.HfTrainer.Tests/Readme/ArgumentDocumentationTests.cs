using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>The XML documentation of the arguments against the arguments themselves.</summary>
[TestClass]
public partial class ArgumentDocumentationTests
{
    public static IEnumerable<object[]> Arguments => ArgumentField.All.Select(argument => new object[] { argument.CSharpName });

    [TestMethod]
    [DynamicData(nameof(Arguments))]
    public void An_argument_names_its_default(string name)
    {
        var summary = XmlDocumentation.SummaryOf(Property(name), out _);
        var named = DefaultSentence().Match(summary);
        Assert.IsTrue(named.Success, summary);
        var value = Property(name).GetValue(new TrainingArguments());
        var shown = named.Groups["value"].Value;
        if (value is double number)
            Assert.AreEqual(number, double.Parse(shown, CultureInfo.InvariantCulture), summary);
        else
            Assert.AreEqual(Show(value), shown, summary);
    }

    [TestMethod]
    [DynamicData(nameof(Arguments))]
    public void An_argument_without_effect_or_with_one_value_alone_says_so_and_why(string name)
    {
        var field = ArgumentField.All.Single(field => field.CSharpName == name);
        var summary = XmlDocumentation.SummaryOf(Property(name), out _);
        Assert.AreEqual(field.NoEffect is not null, summary.Contains($"No effect: {field.NoEffect}."), summary);
        Assert.AreEqual(field.Refused is not null, summary.Contains($"Other values are not supported: {field.Refused}."), summary);
    }

    private static PropertyInfo Property(string name) => typeof(TrainingArguments).GetProperty(name)!;

    private static string Show(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        Enum choice => $"`{choice.GetType().Name}.{choice}`",
        IReadOnlyCollection<object> { Count: 0 } => "empty",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"Default: (?<value>\S+)\.( |$)")]
    private static partial Regex DefaultSentence();
}
