using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Implements <c>strftime</c> in English, with glibc's padding flags (<c>%-d</c>).</summary>
internal static class TimeFormat
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    // The formatted value, the minimum width and the padding character.
    private static readonly Dictionary<char, Func<DateTime, (string Text, int Width, char Fill)>> Letters = new()
    {
        ['a'] = time => Text(time, "ddd"),
        ['A'] = time => Text(time, "dddd"),
        ['b'] = time => Text(time, "MMM"),
        ['B'] = time => Text(time, "MMMM"),
        ['c'] = time => (Apply(time, "%a %b %e %H:%M:%S %Y"), 0, ' '),
        ['C'] = time => Number(time.Year / 100, 2),
        ['d'] = time => Number(time.Day, 2),
        ['D'] = time => (Apply(time, "%m/%d/%y"), 0, ' '),
        ['e'] = time => Number(time.Day, 2, ' '),
        ['f'] = time => Number(time.Ticks % TimeSpan.TicksPerSecond / 10, 6),
        ['F'] = time => (Apply(time, "%Y-%m-%d"), 0, ' '),
        ['g'] = time => Number(ISOWeek.GetYear(time) % 100, 2),
        ['G'] = time => Number(ISOWeek.GetYear(time), 1),
        ['h'] = time => Text(time, "MMM"),
        ['H'] = time => Number(time.Hour, 2),
        ['I'] = time => Number(Hour12(time), 2),
        ['j'] = time => Number(time.DayOfYear, 3),
        ['k'] = time => Number(time.Hour, 2, ' '),
        ['l'] = time => Number(Hour12(time), 2, ' '),
        ['m'] = time => Number(time.Month, 2),
        ['M'] = time => Number(time.Minute, 2),
        ['n'] = _ => ("\n", 0, ' '),
        ['p'] = time => Text(time, "tt"),
        ['P'] = time => (time.ToString("tt", English).ToLowerInvariant(), 0, ' '),
        ['r'] = time => (Apply(time, "%I:%M:%S %p"), 0, ' '),
        ['R'] = time => (Apply(time, "%H:%M"), 0, ' '),
        ['S'] = time => Number(time.Second, 2),
        ['t'] = _ => ("\t", 0, ' '),
        ['T'] = time => (Apply(time, "%H:%M:%S"), 0, ' '),
        ['u'] = time => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
        ['U'] = time => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        ['V'] = time => Number(ISOWeek.GetWeekOfYear(time), 2),
        ['w'] = time => Number((int)time.DayOfWeek, 1),
        ['W'] = time => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        ['x'] = time => (Apply(time, "%m/%d/%y"), 0, ' '),
        ['X'] = time => (Apply(time, "%H:%M:%S"), 0, ' '),
        ['y'] = time => Number(time.Year % 100, 2),
        ['Y'] = time => Number(time.Year, 1),
        // The time has no time zone, as in Hugging Face Transformers.
        ['z'] = _ => ("", 0, ' '),
        ['Z'] = _ => ("", 0, ' '),
        ['%'] = _ => ("%", 0, ' '),
    };

    /// <summary>Formats a time and charges the text to the budget.</summary>
    public static string Apply(DateTime time, string format, Budget budget)
    {
        budget.Read(format.Length);
        var text = Apply(time, format);
        budget.Write(text.Length);
        return text;
    }

    private static string Apply(DateTime time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var letter = i + 1;
            while (format[i] == '%' && letter < format.Length && format[letter] is '-' or '_' or '0' or '^')
                letter++;
            if (format[i] != '%' || letter >= format.Length || !Letters.TryGetValue(format[letter], out var part))
            {
                text.Append(format[i]);
                continue;
            }
            var (content, width, fill) = part(time);
            foreach (var flag in format.AsSpan(i + 1, letter - i - 1))
            {
                fill = flag switch { '0' => '0', '_' => ' ', _ => fill };
                width = flag == '-' ? 0 : width;
                content = flag == '^' ? content.ToUpperInvariant() : content;
            }
            text.Append(content.PadLeft(width, fill));
            i = letter;
        }
        return text.ToString();
    }

    private static (string Text, int Width, char Fill) Text(DateTime time, string format) => (time.ToString(format, English), 0, ' ');

    private static (string Text, int Width, char Fill) Number(long number, int width, char fill = '0') => (number.ToString(English), width, fill);

    private static int Hour12(DateTime time) => time.Hour % 12 == 0 ? 12 : time.Hour % 12;
}
