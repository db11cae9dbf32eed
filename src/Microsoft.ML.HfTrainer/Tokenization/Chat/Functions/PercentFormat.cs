using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Implements the <c>%</c> operator for formatting, such as <c>'%s: %5.1f' % (name, value)</c>.</summary>
internal sealed partial class PercentFormat
{
    private readonly string _format;
    private readonly Budget _budget;
    private readonly object? _values;
    private int _next;

    private PercentFormat(string format, object? values, Budget budget)
    {
        _format = format;
        _values = values;
        _budget = budget;
    }

    public static string Apply(string format, object? values, Budget budget) => new PercentFormat(format, values, budget).Apply();

    private string Apply()
    {
        var text = new TextBuilder(_budget);
        var at = 0;
        for (var percent = _format.IndexOf('%'); percent >= 0; percent = _format.IndexOf('%', at))
        {
            text.Append(_format[at..percent]);
            var match = Conversion.Match(_format, percent);
            if (!match.Success)
                throw new TemplateFault($"'{_format[percent..Math.Min(percent + 8, _format.Length)]}' is not a valid format; write '%%' for a percent sign.");
            text.Append(Convert(match));
            at = percent + match.Length;
        }
        // A value that can be subscripted may be passed without being used by the format.
        if (_values is not (MappingValue or ListValue or RangeValue or Undefined) && _next < (_values is TupleValue tuple ? tuple.Count : 1))
            throw new TemplateFault($"the format '{(_format.Length > 40 ? _format[..40] + "..." : _format)}' takes fewer values than were passed.");
        return text.Append(_format[at..]).ToString();
    }

    private string Convert(Match match)
    {
        var type = match.Groups["type"].Value[0];
        if (type == '%')
            return "%";
        var flags = match.Groups["flags"].Value;
        var width = Number(match.Groups["width"]);
        var precision = Number(match.Groups["precision"]) ?? (match.Groups["point"].Length > 0 ? 0 : null);
        var value = match.Groups["key"].Success ? Keyed(match.Groups["key"].Value) : Next();
        var (sign, body) = Body(type, value, precision, flags);
        var isLeft = flags.Contains('-') || width < 0;
        var missing = Math.Max(Math.Abs(width ?? 0) - sign.Length - CodePoints.Count(body), 0);
        var isNumber = !"srac".Contains(type);
        return isLeft ? sign + body + Padding.Repeat(" ", missing, _budget)
            : flags.Contains('0') && isNumber ? sign + Padding.Repeat("0", missing, _budget) + body
            : Padding.Repeat(" ", missing, _budget) + sign + body;
    }

    private (string Sign, string Body) Body(char type, object? value, int? precision, string flags)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                var text = type == 's' ? Literal.Text(value, _budget) : new TextBuilder(_budget).AppendLiteral(value).ToString();
                return ("", precision < CodePoints.Count(text) ? text[..CodePoints.Place(text, precision.Value)] : text);
            case 'c':
                return ("", value is string character && CodePoints.Count(character) == 1 ? character
                    : Integers.TryGet(value, out var code) && code >= 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF) ? char.ConvertFromUtf32((int)code)
                    : throw Unfit(type, value));
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                var whole = Integers.TryGet(value, out var number) ? number
                    : value is double real && double.IsFinite(real) && type is 'd' or 'i' or 'u' ? new BigInteger((double)value!)
                    : throw Unfit(type, value);
                var digits = NumberFormat.Whole(whole, type, flags.Contains('#'));
                return (Sign(whole.Sign < 0, flags), precision > digits.Length ? Padding.Zeros(digits, precision.Value, _budget) : digits);
            default:
                if (!Numbers.IsNumber(value))
                    throw Unfit(type, value);
                var floating = Numbers.Real(value);
                return (Sign(double.IsNegative(floating), flags), NumberFormat.Real(floating, type, precision, flags.Contains('#')));
        }
    }

    private int? Number(Group group) =>
        group.Length == 0 ? null : group.Value == "*" ? Integers.Index(Next(), "a width or precision") : int.Parse(group.Value, CultureInfo.InvariantCulture);

    private object? Keyed(string key) => _values is MappingValue mapping
        ? mapping.TryGet(key, out var value) ? value : throw Undefined.Element(mapping, key).Fault()
        : throw new TemplateFault($"the format '%({key})' needs a dict, not {TypeNames.WithArticle(_values)}.");

    private object? Next()
    {
        var count = _values is TupleValue tuple ? tuple.Count : 1;
        if (_next >= count)
            throw new TemplateFault($"the format needs more than {count} values.");
        return _values is TupleValue values ? values[_next++] : _next++ == 0 ? _values : null;
    }

    private static string Sign(bool isNegative, string flags) => isNegative ? "-" : flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";

    private static TemplateFault Unfit(char type, object? value) =>
        (value as Undefined)?.Fault() ?? new TemplateFault($"the format '%{type}' does not fit {TypeNames.WithArticle(value)}.");

    [GeneratedRegex(
        @"\G%(?:\((?<key>[^)]*)\))?(?<flags>[-+ 0#]*)(?<width>\*|[0-9]{1,8})?(?:(?<point>\.)(?<precision>\*|[0-9]{1,8})?)?[hlL]?(?<type>[diouxXeEfFgGcrsa%])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Conversion { get; }
}
