using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// A 64-bit little-endian ELF shared library in memory, of which the parts that tie it to versions of other libraries are read and mended.
/// Whatever the bytes are, a read outside them is a <see cref="BadImageFormatException"/>.
/// </summary>
internal sealed class ElfImage
{
    private const int ProgramHeaderLoad = 1, ProgramHeaderDynamic = 2;
    private const int TagStringTable = 5, TagSymbolTable = 6;
    private const int TagVersionSymbols = 0x6ffffff0, TagVersionNeeds = 0x6ffffffe, TagVersionNeedCount = 0x6fffffff;
    private const int SymbolSize = 24, SymbolSection = 6;
    private const ushort WeakVersion = 2, AnyVersion = 1, UndefinedSection = 0;

    private readonly byte[] _image;
    private readonly List<(long Address, long Offset, long Size)> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    /// <exception cref="BadImageFormatException">The file is not a 64-bit ELF library, or is damaged.</exception>
    public ElfImage(byte[] image)
    {
        _image = image;
        if (image.Length < 64 || !image.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new BadImageFormatException("The file is not a 64-bit little-endian ELF library.");
        var (table, entrySize, count) = (Int64(32), Int16(54), Int16(56));
        var headers = Enumerable.Range(0, count).Select(i => table + (long)i * entrySize).ToList();
        foreach (var header in headers.Where(h => Int32(h) == ProgramHeaderLoad))
            _segments.Add((Int64(header + 16), Int64(header + 8), Int64(header + 32)));
        // The system's loader maps a file that was cut short, and the process dies where it reads what is not there.
        if (_segments.Find(s => s.Offset < 0 || s.Size < 0 || s.Offset > image.Length - s.Size) is { Size: not 0 } cut)
            throw Outside(cut.Offset);
        foreach (var header in headers.Where(h => Int32(h) == ProgramHeaderDynamic).Take(1))
            for (var entry = Int64(header + 8); Int64(entry) != 0; entry += 16)
                _dynamic.TryAdd(Int64(entry), Int64(entry + 8));
    }

    /// <summary>The versions of other libraries that this one needs, such as <c>GLIBCXX_3.4.32</c>.</summary>
    public IEnumerable<string> NeededVersions => VersionNeeds().Select(need => StringAt(Int32(need + 8)));

    /// <summary>
    /// Makes the image load where a library lacks <paramref name="version"/>: the need becomes a weak one, and <paramref name="symbol"/>, the one
    /// symbol that is bound to it, is bound to <paramref name="substitute"/> instead, a function of the C library without arguments.
    /// </summary>
    /// <returns>False, and nothing is changed, if the image does not have that need and that symbol, or has more symbols that want the version.</returns>
    public bool ReplaceVersionedSymbol(string version, string symbol, string substitute)
    {
        if (VersionNeeds().FirstOrDefault(need => StringAt(Int32(need + 8)) == version, -1) is not (>= 0 and var need))
            return false;
        var index = Int16(need + 6);
        var symbols = Symbols().ToList();
        if (symbols.Where(s => Int16(VersionOf(s)) == index).ToList() is not [var only] || Int16(SymbolAt(only) + SymbolSection) != UndefinedSection)
            return false;
        var name = Int32(SymbolAt(only));
        if (StringAt(name) != symbol || substitute.Length > symbol.Length || IsShared(name, symbol.Length, symbols, only))
            return false;

        var text = Bytes(Strings + name, symbol.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes(need + 4, 2), WeakVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes(VersionOf(only), 2), AnyVersion);
        text.Clear();
        Encoding.ASCII.GetBytes(substitute, text);
        return true;
    }

    // Linkers let a name be the tail of a longer one; the longer one must not change.
    private bool IsShared(int name, int length, List<int> symbols, int only) =>
        Bytes(Strings + name - 1, 1)[0] != 0 || symbols.Any(s => s != only && Int32(SymbolAt(s)) is var other && other >= name && other < name + length);

    private IEnumerable<long> VersionNeeds()
    {
        if (!_dynamic.TryGetValue(TagVersionNeeds, out var address))
            yield break;
        var file = Offset(address);
        for (var i = 0L; i < Tag(TagVersionNeedCount); i++)
        {
            var need = file + Int32(file + 8);
            for (var j = 0; j < Int16(file + 2); j++, need += Int32(need + 12))
                yield return need;
            if (Int32(file + 12) is not (> 0 and var next))
                yield break;
            file += next;
        }
    }

    // The symbol table has no length of its own; the string table follows it in every library that a linker makes.
    private IEnumerable<int> Symbols()
    {
        var size = Strings - SymbolAt(0);
        if (size is < 0 or > int.MaxValue)
            throw new BadImageFormatException("The symbol table of the ELF library does not end at its string table.");
        return Enumerable.Range(0, (int)(size / SymbolSize));
    }

    private long Strings => Offset(Tag(TagStringTable));

    private long SymbolAt(int index) => Offset(Tag(TagSymbolTable)) + (long)index * SymbolSize;

    private long VersionOf(int symbol) => Offset(Tag(TagVersionSymbols)) + symbol * 2L;

    private string StringAt(int offset)
    {
        var start = Strings + offset;
        if (start < 0 || start >= _image.Length)
            throw Outside(start);
        var text = _image.AsSpan((int)start);
        return text.IndexOf((byte)0) is >= 0 and var end ? Encoding.ASCII.GetString(text[..end]) : throw Outside(_image.Length);
    }

    private long Tag(long tag) =>
        _dynamic.TryGetValue(tag, out var value) ? value : throw new BadImageFormatException($"The dynamic section of the ELF library has no entry {tag:x}.");

    private long Offset(long address)
    {
        foreach (var segment in _segments)
            if (address >= segment.Address && address - segment.Address < segment.Size)
                return segment.Offset + address - segment.Address;
        throw new BadImageFormatException($"Address {address:x} of the ELF library lies in no loaded segment.");
    }

    private Span<byte> Bytes(long offset, int length) =>
        offset >= 0 && offset <= _image.Length - length ? _image.AsSpan((int)offset, length) : throw Outside(offset);

    private static BadImageFormatException Outside(long offset) => new($"The ELF library is damaged: it refers to byte {offset}, which it does not have.");

    private ushort Int16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(offset, 2));
    private int Int32(long offset) => BinaryPrimitives.ReadInt32LittleEndian(Bytes(offset, 4));
    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(offset, 8));
}
