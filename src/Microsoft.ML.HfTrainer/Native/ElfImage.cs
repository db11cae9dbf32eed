using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// A 64-bit little-endian ELF shared library in memory, of which the parts that tie it to versions of other libraries are read and mended.
/// </summary>
internal sealed class ElfImage
{
    private const int ProgramHeaderLoad = 1, ProgramHeaderDynamic = 2;
    private const int TagStringTable = 5, TagSymbolTable = 6, TagVersionSymbols = 0x6ffffff0, TagVersionNeeds = 0x6ffffffe, TagVersionNeedCount = 0x6fffffff;
    private const int SymbolSize = 24;
    private const ushort WeakVersion = 2, AnyVersion = 1;

    private readonly byte[] _image;
    private readonly List<(long Address, long Offset, long Size)> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    public ElfImage(byte[] image)
    {
        _image = image;
        if (image.Length < 64 || !image.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new BadImageFormatException("The file is not a 64-bit little-endian ELF library.");
        var (table, entrySize, count) = (Int64(32), Int16(54), Int16(56));
        var headers = Enumerable.Range(0, count).Select(i => table + (long)i * entrySize).ToList();
        foreach (var header in headers.Where(h => Int32(h) == ProgramHeaderLoad))
            _segments.Add((Int64(header + 16), Int64(header + 8), Int64(header + 32)));
        foreach (var header in headers.Where(h => Int32(h) == ProgramHeaderDynamic))
            for (var entry = Int64(header + 8); Int64(entry) != 0; entry += 16)
                _dynamic.TryAdd(Int64(entry), Int64(entry + 8));
    }

    /// <summary>
    /// Makes the image load where a library lacks <paramref name="version"/>: the need becomes a weak one, and <paramref name="symbol"/>, the one
    /// symbol that is bound to it, is bound to <paramref name="substitute"/> instead, a function of the C library without arguments.
    /// </summary>
    /// <returns>False, and nothing is changed, if the image does not have that need and that symbol, or has more symbols that want the version.</returns>
    public bool ReplaceVersionedSymbol(string version, string symbol, string substitute)
    {
        if (FindVersionNeed(version) is not { } need)
            return false;
        var index = Int16(need + 6);
        var bound = SymbolsBoundTo(index).ToList();
        if (bound is not [var only] || StringAt(Int32(SymbolAt(only))) != symbol || substitute.Length > symbol.Length)
            return false;

        BinaryPrimitives.WriteUInt16LittleEndian(_image.AsSpan((int)need + 4), WeakVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(_image.AsSpan((int)VersionOf(only)), AnyVersion);
        var name = _image.AsSpan((int)(Offset(_dynamic[TagStringTable]) + Int32(SymbolAt(only))), symbol.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(substitute, name);
        return true;
    }

    private long? FindVersionNeed(string version)
    {
        if (!_dynamic.TryGetValue(TagVersionNeeds, out var address))
            return null;
        var file = Offset(address);
        for (var i = 0L; i < _dynamic[TagVersionNeedCount]; i++, file += Int32(file + 12))
        {
            var need = file + Int32(file + 8);
            for (var j = 0; j < Int16(file + 2); j++, need += Int32(need + 12))
                if (StringAt(Int32(need + 8)) == version)
                    return need;
        }
        return null;
    }

    // The symbol table has no length of its own; the string table follows it in every library that a linker makes.
    private IEnumerable<int> SymbolsBoundTo(int versionIndex)
    {
        var count = (int)((Offset(_dynamic[TagStringTable]) - SymbolAt(0)) / SymbolSize);
        return Enumerable.Range(0, Math.Max(count, 0)).Where(i => Int16(VersionOf(i)) == versionIndex);
    }

    private long SymbolAt(int index) => Offset(_dynamic[TagSymbolTable]) + (long)index * SymbolSize;

    private long VersionOf(int symbol) => Offset(_dynamic[TagVersionSymbols]) + symbol * 2L;

    private string StringAt(int offset)
    {
        var text = _image.AsSpan((int)(Offset(_dynamic[TagStringTable]) + offset));
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private long Offset(long address)
    {
        foreach (var segment in _segments)
            if (address >= segment.Address && address < segment.Address + segment.Size)
                return segment.Offset + address - segment.Address;
        throw new BadImageFormatException($"Address {address:x} of the ELF library lies in no loaded segment.");
    }

    private ushort Int16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(_image.AsSpan((int)offset));
    private int Int32(long offset) => BinaryPrimitives.ReadInt32LittleEndian(_image.AsSpan((int)offset));
    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(_image.AsSpan((int)offset));
}
