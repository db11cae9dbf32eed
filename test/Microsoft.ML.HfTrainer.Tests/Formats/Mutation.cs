using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

/// <summary>Changes bytes as damage and malice do: the same seed gives the same changes.</summary>
internal static class Mutation
{
    // Numbers at the edges of types, and values that a field of JSON is not expected to have.
    private static readonly string[] _values =
    [
        "0", "-1", "1", "2", "3", "7", "255", "65536", "1000003", "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "-9223372036854775808",
        "18446744073709551616", "1e9", "1e18", "1e308", "1e400", "0.5", "-0.1", "1.5", "null", "true", "false", "\"\"", "\"a\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}", "[0]", "[-1]", "[[]]",
        "{\"0\":\"a\"}", "{\"0\":1}", "NaN", "[1e999]", "\"../x\"", "\"F32\"", "\"I64\"", "\"BOOL\"", "[9223372036854775807,2]", "[0,18446744073709551615]",
    ];

    /// <summary>Any value of JSON.</summary>
    public static string Value(Random random) => _values[random.Next(_values.Length)];

    /// <summary>One to four changes of bytes.</summary>
    public static byte[] OfBytes(ReadOnlySpan<byte> source, Random random)
    {
        var bytes = new List<byte>(source.ToArray());
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0 when length > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when length > 0: bytes[at] = (byte)random.Next(256); break;
                case 2 when length > 0: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 5)).Select(_ => (byte)random.Next(256))); break;
                case 5 when random.Next(8) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Another value in the place of one or two of a text of JSON, or changes of its bytes.</summary>
    public static byte[] OfJson(byte[] source, Random random)
    {
        if (random.Next(4) == 0)
            return OfBytes(source, random);
        var text = Encoding.UTF8.GetString(source);
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var values = Values(text);
            var (start, length) = values[random.Next(values.Count)];
            text = text.Remove(start, length).Insert(start, random.Next(12) == 0 ? "" : Value(random));
        }
        return Encoding.UTF8.GetBytes(text);
    }

    // Where scalars and names stand, found without a parser, since the text may be broken already.
    private static List<(int Start, int Length)> Values(string text)
    {
        var values = new List<(int, int)> { (0, 0) };
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            if (text[i] == '"')
                for (i++; i < text.Length && text[i] != '"'; i++)
                    i += text[i] == '\\' ? 1 : 0;
            else if (char.IsLetterOrDigit(text[i]) || text[i] == '-')
                while (i + 1 < text.Length && (char.IsLetterOrDigit(text[i + 1]) || text[i + 1] is '.' or '-' or '+'))
                    i++;
            else
                continue;
            // Names of fields seldom: a text without them is refused before any value is looked at.
            if (!text.AsSpan(Math.Min(i + 1, text.Length)).TrimStart().StartsWith(":") || start % 8 == 0)
                values.Add((start, Math.Min(i, text.Length - 1) - start + 1));
        }
        return values;
    }
}
