using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// A 64-bit library of Windows: the names that it imports from other libraries and those that it exports. It is read on every system. Whatever the bytes are, a
/// read outside them is a <see cref="BadImageFormatException"/>.
/// </summary>
internal sealed class PeImage : IDisposable
{
    private const int ImportEntry = 5 * sizeof(int), MostImports = 4096, MostNames = 1 << 22;
    private const ulong ByOrdinal = 1UL << 63;

    private readonly PEReader _reader;
    private readonly PEHeader _header;

    /// <exception cref="BadImageFormatException">The file is not a 64-bit library of Windows, or is damaged.</exception>
    public PeImage(string path)
    {
        _reader = new PEReader(File.OpenRead(path));
        try
        {
            _header = _reader.PEHeaders.PEHeader is { Magic: PEMagic.PE32Plus } header ? header : throw new BadImageFormatException($"{path} is not a 64-bit library of Windows.");
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>The functions and variables that it imports, by the file name of the library. A name such as <c>#5</c> stands for an import by number.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Imports()
    {
        var imports = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        if (_header.ImportTableDirectory is { Size: 0 })
            return imports;
        for (var i = 0; i < MostImports; i++)
        {
            var entry = At(_header.ImportTableDirectory.RelativeVirtualAddress + i * ImportEntry);
            var lookup = entry.ReadInt32();
            entry.Offset += 2 * sizeof(int);
            var (name, addresses) = (entry.ReadInt32(), entry.ReadInt32());
            if (name == 0)
                return imports;
            var library = Text(name);
            imports[library] = [.. imports.GetValueOrDefault(library, []), .. Imported(lookup != 0 ? lookup : addresses)];
        }
        throw new BadImageFormatException("The table of imports has no end.");
    }

    /// <summary>The names that it exports, and <c>#5</c> for the one with the number 5.</summary>
    public IReadOnlySet<string> Exports()
    {
        var exports = new HashSet<string>(StringComparer.Ordinal);
        if (_header.ExportTableDirectory is { Size: 0 })
            return exports;
        var table = At(_header.ExportTableDirectory.RelativeVirtualAddress);
        table.Offset = 16;
        var (first, functions, names) = (table.ReadInt32(), table.ReadInt32(), table.ReadInt32());
        var (addresses, texts) = (table.ReadInt32(), table.ReadInt32());
        if (functions is < 0 or > MostNames || names is < 0 or > MostNames)
            throw new BadImageFormatException("The table of exports is longer than a library's can be.");
        var address = functions > 0 ? At(addresses) : default;
        for (var i = 0; i < functions; i++)
            if (address.ReadInt32() != 0)
                exports.Add($"#{first + i}");
        var text = names > 0 ? At(texts) : default;
        for (var i = 0; i < names; i++)
            exports.Add(Text(text.ReadInt32()));
        return exports;
    }

    public void Dispose() => _reader.Dispose();

    private List<string> Imported(int lookup)
    {
        var (names, reader) = (new List<string>(), At(lookup));
        while (reader.ReadUInt64() is not 0 and var value)
            // A name is preceded by a hint at its place among the exports.
            names.Add((value & ByOrdinal) != 0 ? $"#{value & ushort.MaxValue}" : Text(checked((int)value) + sizeof(ushort)));
        return names;
    }

    private string Text(int address)
    {
        var reader = At(address);
        var length = reader.IndexOf(0);
        return length >= 0 ? Encoding.ASCII.GetString(reader.ReadBytes(length)) : throw new BadImageFormatException("A name has no end.");
    }

    private BlobReader At(int address) =>
        _reader.GetSectionData(address) is { Length: > 0 } block ? block.GetReader() : throw new BadImageFormatException($"There is nothing at the address {address:x}.");
}
