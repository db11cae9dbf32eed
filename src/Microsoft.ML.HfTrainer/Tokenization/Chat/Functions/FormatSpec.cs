using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>A format specification: the part after the colon in <c>'{:>8.2f}'.format(x)</c>.</summary>
internal sealed partial class FormatSpec
{
    private readonly string _fill;
    private readonly char _align, _sign, _grouping, _type;
    private readonly bool _isAlternate;
    private readonly int _width;
    private readonly int? _precision;

    public FormatSpec(string text)
    {
        var match = Pattern.Match(text);
        if (!match.Success)
            throw new TemplateFault($"'{text}' is not a valid format.");
        var hasZero = match.Groups["zero"].Length > 0;
        _fill = match.Groups["fill"] is { Length: > 0 } fill ? fill.Value : hasZero ? "0" : " ";
        _align = Letter("align", hasZero ? '=' : default);
        _sign = Letter("sign", '-');
        _grouping = Letter("grouping", default);
        _type = Letter("type", default);
        _isAlternate = match.Groups["alternate"].Length > 0;
        _width = Number("width") ?? 0;
        _precision = Number("precision");

        char Letter(string group, char absent) => match.Groups[group] is { Length: > 0 } found ? found.Value[0] : absent;

        int? Number(string group) => match.Groups[group] is { Length: > 0 } found ? int.Parse(found.Value, CultureInfo.InvariantCulture) : null;
    }

    public static string Apply(object? value, string spec, Budget budget)
    {
        if (spec.Length == 0)
            return Literal.Text(value, budget);
        if (value is not string && !Numbers.IsNumber(value))
            throw (value as Undefined)?.Fault() ?? new TemplateFault($"the format '{spec}' does not fit {TypeNames.WithArticle(value)}.");
        var format = new FormatSpec(spec);
        return value is string text ? format.Text(text, budget) : format.Number(value, budget);
    }

    private string Text(string text, Budget budget)
    {
        if (_type is not (default(char) or 's'))
            throw Unfit("a str");
        if (_precision < CodePoints.Count(text))
            text = text[..CodePoints.Place(text, _precision.Value)];
        return Pad("", text, _align is default(char) or '=' ? '<' : _align, budget);
    }

    private string Number(object? value, Budget budget)
    {
        var isWhole = Integers.TryGet(value, out var whole) && _type is default(char) or 'd' or 'n' or 'b' or 'o' or 'x' or 'X' or 'c';
        if (isWhole && _type == 'c')
            return Pad("", char.ConvertFromUtf32((int)whole), _align == default ? '<' : _align, budget);
        if (value is double && _type is 'd' or 'b' or 'o' or 'x' or 'X' or 'c' || _type == 's')
            throw Unfit(TypeNames.WithArticle(value));
        var real = isWhole ? 0 : Numbers.Real(value);
        var digits = isWhole ? NumberFormat.Whole(whole, _type, _isAlternate) : Digits(real);
        if (_grouping != default)
            digits = NumberFormat.Group(digits, _grouping.ToString(), _type is 'x' or 'X' or 'o' or 'b' ? 4 : 3);
        var isNegative = isWhole ? whole.Sign < 0 : double.IsNegative(real);
        return Pad(isNegative ? "-" : _sign == '-' ? "" : _sign.ToString(), digits, _align == default ? '>' : _align, budget);
    }

    private string Digits(double real)
    {
        if (_type != default)
            return NumberFormat.Real(real, _type == 'n' ? 'g' : _type, _precision, _isAlternate);
        if (_precision is not { } precision)
            return RealText.Shortest(Math.Abs(real));
        var digits = NumberFormat.Real(real, 'g', precision, keepsZeros: false);
        return digits.AsSpan().ContainsAny(".en") ? digits : digits + ".0";
    }

    private string Pad(string sign, string text, char align, Budget budget)
    {
        var missing = Math.Max(_width - sign.Length - CodePoints.Count(text), 0);
        var left = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        var (before, after) = (Padding.Repeat(_fill, left, budget), Padding.Repeat(_fill, missing - left, budget));
        return align == '=' ? sign + before + text : before + sign + text + after;
    }

    private TemplateFault Unfit(string value) => new($"the format '{_type}' does not fit {value}.");

    [GeneratedRegex(
        @"\A(?:(?<fill>(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)?)(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>[0-9]{1,8})?" +
        @"(?<grouping>[,_])?(?:\.(?<precision>[0-9]{1,8}))?(?<type>[bcdeEfFgGnosxX%])?\z",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
