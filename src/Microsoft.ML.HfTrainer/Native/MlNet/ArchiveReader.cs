using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>Reads what <see cref="ArchiveWriter"/> wrote, in the same order.</summary>
internal sealed class ArchiveReader
{
    private readonly ModelLoadContext _context;
    private readonly BinarySaver _saver;
    private readonly ArchiveFormat _format;

    /// <exception cref="FormatException">The entry has another format, or a later version than this library reads.</exception>
    public ArchiveReader(ModelLoadContext context, ArchiveFormat format, IHostEnvironment environment)
    {
        (_context, _format, _saver) = (context, format, new BinarySaver(environment, new BinarySaver.Arguments { Silent = true }));
        var newest = ArchiveFormat.VersionOf(context.Header.ModelVerReadable);
        if (newest > format.Version)
            throw Contracts.ExceptDecode(
                $"The model file was written by a newer version of Microsoft.ML.HfTrainer: its part '{format.Loader}' has the format version {newest}, and " +
                $"this version of the library reads versions up to {format.Version}. Update the package Microsoft.ML.HfTrainer, or save the model with the " +
                "older one.");
        context.CheckAtModel(format.Info);
        Version = ArchiveFormat.VersionOf(context.Header.ModelVerWritten);
    }

    /// <summary>The version of the format of the entry.</summary>
    public int Version { get; }

    public int ReadInt() => _context.Reader.ReadInt32();

    public string? ReadText() => _context.LoadStringOrNull();

    public string ReadName() => _context.LoadNonEmptyString();

    /// <summary>Reads a value with its type.</summary>
    public (DataViewType Type, object Value) ReadValue() => _saver.TryLoadTypeAndValue(_context.Reader.BaseStream, out var type, out var value)
        ? (type, value)
        : throw Contracts.ExceptDecode($"The model file is damaged: the part '{_format.Loader}' holds a value of an unknown type.");

    /// <summary>Reads a file beside the entry.</summary>
    public T ReadFile<T>(string name, Func<Stream, T> read)
    {
        T result = default!;
        if (!_context.TryLoadBinaryStream(name, reader => result = read(reader.BaseStream)))
            throw Contracts.ExceptDecode($"The model file is damaged: the part '{_format.Loader}' has no file '{name}'.");
        return result;
    }

    /// <summary>Reads a file beside the entry into memory.</summary>
    public byte[] ReadBytes(string name) => ReadFile(name, stream =>
    {
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    });
}
