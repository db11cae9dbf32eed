using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The methods of strings.</summary>
internal static class TextMethods
{
    public static FunctionTable All { get; } = new FunctionTable("method")
        .Add("capitalize", "self", (_, a) => Casing.Capitalize(Self(a)))
        .Add("casefold", "self", (_, a) => Casing.Fold(Self(a)))
        .Add("center", "self, width, fillchar=' '", (c, a) => Padding.Center(Self(a), Argument.Integer(a[1], "width"), Fill(a[2]), c.Budget))
        .Add("count", "self, sub, start=none, end=none", (_, a) => TextSearch.Count(Self(a), Argument.Text(a[1], "sub"), a[2], a[3]))
        .Add("endswith", "self, suffix, start=none, end=none", (c, a) =>
            TextSearch.AnyOf(a[1], "suffix", TextSearch.Part(Self(a), a[2], a[3]), ends: true, c.Budget))
        .Add("expandtabs", "self, tabsize=8", (c, a) => Padding.ExpandTabs(Self(a), Argument.Integer(a[1], "tabsize"), c.Budget))
        .Add("find", "self, sub, start=none, end=none", (_, a) => TextSearch.Find(Self(a), Argument.Text(a[1], "sub"), a[2], a[3], last: false))
        .Add("format", "self, *args, **kwargs", (c, a) => BraceFormat.Apply(Self(a), (object?[])a[1]!, (KeyValuePair<string, object?>[])a[2]!, c))
        .Add("index", "self, sub, start=none, end=none", (_, a) => TextSearch.Index(Self(a), Argument.Text(a[1], "sub"), a[2], a[3], last: false))
        .Add("isalnum", "self", (_, a) => CharacterTests.All(Self(a), rune => CharacterTests.IsLetter(rune) || CharacterTests.IsNumeric(rune)))
        .Add("isalpha", "self", (_, a) => CharacterTests.All(Self(a), CharacterTests.IsLetter))
        .Add("isascii", "self", (_, a) => System.Text.Ascii.IsValid(Self(a)))
        .Add("isdecimal", "self", (_, a) => CharacterTests.All(Self(a), CharacterTests.IsDecimal))
        .Add("isdigit", "self", (_, a) => CharacterTests.All(Self(a), CharacterTests.IsDigit))
        .Add("isidentifier", "self", (_, a) => CharacterTests.IsIdentifier(Self(a)))
        .Add("islower", "self", (_, a) => CharacterTests.IsCased(Self(a), upper: false))
        .Add("isnumeric", "self", (_, a) => CharacterTests.All(Self(a), CharacterTests.IsNumeric))
        .Add("isspace", "self", (_, a) => Self(a).Length > 0 && Self(a).All(Whitespace.Is))
        .Add("istitle", "self", (_, a) => CharacterTests.IsTitle(Self(a)))
        .Add("isupper", "self", (_, a) => CharacterTests.IsCased(Self(a), upper: true))
        .Add("join", "self, iterable", Join)
        .Add("ljust", "self, width, fillchar=' '", (c, a) => Padding.Add(Self(a), Argument.Integer(a[1], "width"), Fill(a[2]), left: false, c.Budget))
        .Add("lower", "self", (_, a) => Casing.Lower(Self(a)))
        .Add("lstrip", "self, chars=none", (_, a) => Whitespace.Trim(Self(a), Argument.OptionalText(a[1], "chars"), left: true, right: false))
        .Add("partition", "self, sep", (_, a) => TextSplitting.Partition(Self(a), Argument.Text(a[1], "sep"), last: false))
        .Add("removeprefix", "self, prefix", (_, a) => RemovePrefix(Self(a), Argument.Text(a[1], "prefix")))
        .Add("removesuffix", "self, suffix", (_, a) => RemoveSuffix(Self(a), Argument.Text(a[1], "suffix")))
        .Add("replace", "self, old, new, count=-1", (c, a) =>
            TextSearch.Replace(Self(a), Argument.Text(a[1], "old"), Argument.Text(a[2], "new"), Argument.Integer(a[3], "count"), c.Budget))
        .Add("rfind", "self, sub, start=none, end=none", (_, a) => TextSearch.Find(Self(a), Argument.Text(a[1], "sub"), a[2], a[3], last: true))
        .Add("rindex", "self, sub, start=none, end=none", (_, a) => TextSearch.Index(Self(a), Argument.Text(a[1], "sub"), a[2], a[3], last: true))
        .Add("rjust", "self, width, fillchar=' '", (c, a) => Padding.Add(Self(a), Argument.Integer(a[1], "width"), Fill(a[2]), left: true, c.Budget))
        .Add("rpartition", "self, sep", (_, a) => TextSplitting.Partition(Self(a), Argument.Text(a[1], "sep"), last: true))
        .Add("rsplit", "self, sep=none, maxsplit=-1", (c, a) =>
            TextSplitting.Split(Self(a), Argument.OptionalText(a[1], "sep"), Argument.Integer(a[2], "maxsplit"), fromEnd: true, c.Budget))
        .Add("rstrip", "self, chars=none", (_, a) => Whitespace.Trim(Self(a), Argument.OptionalText(a[1], "chars"), left: false, right: true))
        .Add("split", "self, sep=none, maxsplit=-1", (c, a) =>
            TextSplitting.Split(Self(a), Argument.OptionalText(a[1], "sep"), Argument.Integer(a[2], "maxsplit"), fromEnd: false, c.Budget))
        .Add("splitlines", "self, keepends=false", (c, a) => TextSplitting.Lines(Self(a), Iteration.Truth(a[1]), c.Budget))
        .Add("startswith", "self, prefix, start=none, end=none", (c, a) =>
            TextSearch.AnyOf(a[1], "prefix", TextSearch.Part(Self(a), a[2], a[3]), ends: false, c.Budget))
        .Add("strip", "self, chars=none", (_, a) => Whitespace.Trim(Self(a), Argument.OptionalText(a[1], "chars"), left: true, right: true))
        .Add("swapcase", "self", (_, a) => Casing.Swap(Self(a)))
        .Add("title", "self", (_, a) => Casing.Title(Self(a)))
        .Add("upper", "self", (_, a) => Casing.Upper(Self(a)))
        .Add("zfill", "self, width", (c, a) => Padding.Zeros(Self(a), Argument.Integer(a[1], "width"), c.Budget));

    private static string Self(object?[] arguments) => (string)arguments[0]!;

    private static string Fill(object? value) => Argument.Text(value, "fillchar") is var text && CodePoints.Count(text) == 1
        ? text
        : throw new TemplateFault($"'fillchar' must be one character, not {Literal.Short(value)}.");

    private static string RemovePrefix(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static string RemoveSuffix(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    private static object Join(RenderContext context, object?[] arguments)
    {
        var joined = new TextBuilder(context.Budget);
        var isFirst = true;
        foreach (var item in Iteration.Elements(arguments[1], context.Budget))
        {
            if (!isFirst)
                joined.Append(Self(arguments));
            isFirst = false;
            joined.Append(item as string ?? throw (item as Undefined)?.Fault() ?? new TemplateFault(
                $"the method 'join' joins texts, and found {TypeNames.WithArticle(item)}; the filter 'join' takes anything."));
        }
        return joined.ToString();
    }
}
