using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// Bytes at a fixed address, a mapped file or pinned memory, whose length may pass that of a span. Until it is disposed the address
/// stays good: an owner that is forgotten leaks the region rather than leaving spans into nothing.
/// </summary>
internal sealed unsafe class ByteRegion : IDisposable
{
    private readonly byte* _start;
    private Action? _release;

    private ByteRegion(byte* start, long length, Action release)
    {
        _start = start;
        Length = length;
        _release = release;
    }

    public long Length { get; }

    /// <summary>Maps a file for reading; an empty one, which cannot be mapped, gives an empty region.</summary>
    public static ByteRegion Map(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            long length = RandomAccess.GetLength(handle);
            if (length == 0)
            {
                return new ByteRegion(null, 0, handle.Dispose);
            }

            // The handle lives as long as the mapping: its share mode keeps .NET writers from cutting the file short under the spans.
            var file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return View(file, length);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Maps the first bytes of a file into memory. The mapping is disposed with the region, or at once if it fails.</summary>
    internal static ByteRegion View(MemoryMappedFile file, long length)
    {
        MemoryMappedViewAccessor? view = null;
        try
        {
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            return new ByteRegion(start + view.PointerOffset, length, () =>
            {
                view.SafeMemoryMappedViewHandle.ReleasePointer();
                view.Dispose();
                file.Dispose();
            });
        }
        catch
        {
            view?.Dispose();
            file.Dispose();
            throw;
        }
    }

    public static ByteRegion Pin(ReadOnlyMemory<byte> memory)
    {
        MemoryHandle pinned = memory.Pin();
        return new ByteRegion((byte*)pinned.Pointer, memory.Length, () => pinned.Dispose());
    }

    /// <summary>The caller has checked that the range lies within the region.</summary>
    public ReadOnlySpan<byte> Slice(long start, int length)
    {
        ObjectDisposedException.ThrowIf(_release is null, typeof(SafetensorsFile));
        return new ReadOnlySpan<byte>(_start + start, length);
    }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
