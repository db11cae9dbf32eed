using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>
/// Decodes the byte-level alphabet. A token with a character outside the alphabet, such as an added token, is kept as it is; invalid UTF-8 becomes
/// U+FFFD.
/// </summary>
internal sealed class ByteLevelDecoder : IDecoder, IPart<ByteLevelDecoder>
{
    public static string TypeName => "ByteLevel";

    public static ByteLevelDecoder Read(PartReader json) => new();

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            var before = bytes.Count;
            foreach (var character in token)
            {
                var value = ByteAlphabet.Byte(character);
                if (value < 0)
                {
                    bytes.RemoveRange(before, bytes.Count - before);
                    bytes.AddRange(Encoding.UTF8.GetBytes(token));
                    break;
                }
                bytes.Add((byte)value);
            }
        }
        return [Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes))];
    }
}
