using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Text;

/// <summary>Builds replacement tables in SentencePiece's format, with a block of the trie for each node.</summary>
internal static class CharsmapFile
{
    private const int Block = 256;
    private const uint Value = 0x8000_0000, HasValue = 0x100;

    public static byte[] Make(params (string Key, string Replacement)[] entries)
    {
        var (units, replacements) = (new List<uint>(new uint[Block]), new List<byte>());
        Node(0, [.. entries.Select(entry => (Encoding.UTF8.GetBytes(entry.Key), entry.Replacement))], 0);
        return Join(units, replacements);

        void Node(int position, List<(byte[] Key, string Replacement)> keys, int depth)
        {
            var start = units.Count;
            units.AddRange(new uint[Block]);
            units[position] |= (uint)(position ^ start) << 10;
            if (keys.FirstOrDefault(key => key.Key.Length == depth) is ({ }, { } replacement))
            {
                units[position] |= HasValue;
                units[start] = Value | (uint)replacements.Count;
                replacements.AddRange([.. Encoding.UTF8.GetBytes(replacement), 0]);
            }
            foreach (var group in keys.Where(key => key.Key.Length > depth).GroupBy(key => key.Key[depth]))
            {
                units[start ^ group.Key] = group.Key;
                Node(start ^ group.Key, [.. group], depth + 1);
            }
        }
    }

    public static byte[] Join(IReadOnlyList<uint> units, IReadOnlyList<byte> replacements)
    {
        var table = new byte[4 + 4 * units.Count];
        BinaryPrimitives.WriteUInt32LittleEndian(table, (uint)(4 * units.Count));
        for (var i = 0; i < units.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4 + 4 * i), units[i]);
        return [.. table, .. replacements];
    }
}
