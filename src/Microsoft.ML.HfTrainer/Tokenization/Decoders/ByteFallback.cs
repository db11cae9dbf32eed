using System.Globalization;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Decodes byte tokens such as <c>&lt;0xE2&gt;</c> as UTF-8. If a run of them is not valid UTF-8 as a whole, each becomes U+FFFD.</summary>
internal sealed class ByteFallback : IDecoder, IPart<ByteFallback>
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string TypeName => "ByteFallback";

    public static ByteFallback Read(PartReader json) => new();

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var pieces = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                continue;
            }
            AddBytes(bytes, pieces);
            pieces.Add(token);
        }
        AddBytes(bytes, pieces);
        return pieces;
    }

    private static void AddBytes(List<byte> bytes, List<string> pieces)
    {
        if (bytes.Count == 0)
            return;
        try
        {
            pieces.Add(Strict.GetString([.. bytes]));
        }
        catch (DecoderFallbackException)
        {
            pieces.Add(new string('\uFFFD', bytes.Count));
        }
        bytes.Clear();
    }
}
