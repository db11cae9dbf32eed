using System.Buffers.Binary;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes safetensors files as the Hugging Face library does: tensors by descending element type, then by name, after a header that is padded with spaces to
/// a multiple of eight bytes. The same tensors and metadata give the same bytes.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>
    /// Writes a file. It is written beside <paramref name="path"/>, flushed to disk and renamed, so that at any moment the path holds either
    /// what it held before or the whole new file.
    /// </summary>
    /// <param name="path">The file, in a folder that exists. A file that is there is replaced, even while a <see cref="SafetensorsFile"/> has it mapped
    /// (on Windows, where a mapped file cannot be replaced, that fails with an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>).</param>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">The metadata of the header, in this order; Python readers expect <c>format</c>: <c>pt</c>.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or a type, shape or text is not valid.</exception>
    /// <exception cref="InvalidOperationException">A callback wrote more or fewer bytes than its tensor has.</exception>
    /// <exception cref="IOException">The file cannot be written, or the disk is full.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafetensorsPlan plan = SafetensorsPlan.Make(tensors, metadata);
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,

            // A disk too full is found now and not after minutes of writing.
            PreallocationSize = plan.FileLength,
        };
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                Write(stream, plan);
                stream.Flush(flushToDisk: true);
            }

            FileMoves.Replace(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes the same bytes to a stream at its position. The stream need not be seekable and stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">The metadata of the header, in this order.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or a type, shape or text is not valid. Nothing has been written.</exception>
    /// <exception cref="InvalidOperationException">A callback wrote more or fewer bytes than its tensor has.</exception>
    public static void Write(Stream stream, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, SafetensorsPlan.Make(tensors, metadata));
    }

    private static void Write(Stream stream, SafetensorsPlan plan)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)plan.Header.Length);
        stream.Write(length);
        stream.Write(plan.Header.Span);
        foreach ((SafetensorsTensor tensor, long byteLength) in plan.Tensors)
        {
            var exact = new ExactLengthStream(stream, tensor.Name, byteLength);
            tensor.Write(exact);
            exact.RequireComplete();
        }
    }
}
