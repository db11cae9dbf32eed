using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>Writes a transformer into a model's <c>.zip</c>: values into its entry, files beside it.</summary>
internal sealed class ArchiveWriter
{
    private readonly ModelSaveContext _context;
    private readonly BinarySaver _saver;

    public ArchiveWriter(ModelSaveContext context, ArchiveFormat format, IHostEnvironment environment)
    {
        context.CheckAtModel();
        context.SetVersionInfo(format.Info);
        (_context, _saver) = (context, new BinarySaver(environment, new BinarySaver.Arguments { Silent = true }));
    }

    public void Write(int value) => _context.Writer.Write(value);

    public void Write(string? text) => _context.SaveStringOrNull(text);

    /// <summary>Writes a value of any type that ML.NET can write, with its type.</summary>
    /// <exception cref="NotSupportedException">ML.NET cannot write that type.</exception>
    public void Write<T>(DataViewType type, T value)
    {
        if (!_saver.TryWriteTypeAndValue(_context.Writer.BaseStream, type, ref value, out _))
            throw new NotSupportedException($"Values of the type {type} cannot be saved in a model file.");
    }

    /// <summary>Writes a file beside the entry; slashes in its name make folders.</summary>
    public void WriteFile(string name, Action<Stream> write) => _context.SaveBinaryStream(name, writer => write(writer.BaseStream));
}
