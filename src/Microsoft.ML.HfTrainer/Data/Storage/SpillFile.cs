using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>A temporary file for data that exceeds its memory budget. It is written sequentially, then memory-mapped for random access.</summary>
internal sealed class SpillFile : IDisposable
{
    /// <summary>The environment variable that names the folder of temporary files. Windows looks at TEMP only where there is no TMP.</summary>
    public static string FolderVariable => OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    private readonly SafeFileHandle _handle;
    private readonly MemoryBudget _budget;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private long _length;

    /// <param name="budget">The budget that was exceeded, for messages.</param>
    public SpillFile(MemoryBudget budget)
    {
        _budget = budget;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hftrainer-{Guid.NewGuid():N}.data");
        try
        {
            _handle = File.OpenHandle(
                Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete | FileShare.ReadWrite,
                OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
            // An open file without a name disappears with the process, even if it is killed.
            if (!OperatingSystem.IsWindows())
                File.Delete(Path);
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
        {
            throw Failed(inner);
        }
    }

    /// <summary>Gets the path of the file. On systems other than Windows, the file is unlinked right after it is opened.</summary>
    public string Path { get; }

    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, _length);
        }
        catch (IOException inner)
        {
            throw Failed(inner);
        }
        _length += bytes.Length;
    }

    /// <summary>Ends writing, so that the file can be read.</summary>
    public void Complete()
    {
        _map = MemoryMappedFile.CreateFromFile(_handle, null, _length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, _length, MemoryMappedFileAccess.Read);
    }

    /// <summary>Copies a part of the file. Safe to call from several threads concurrently.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, typeof(Dataset));
        _view!.SafeMemoryMappedViewHandle.ReadSpan((ulong)offset, bytes);
    }

    public void Dispose()
    {
        _handle.Dispose();
        _view?.Dispose();
        _map?.Dispose();
    }

    private IOException Failed(Exception inner) => new(
        FormattableString.Invariant($"The data exceeds its memory budget of {_budget.Bytes:N0} bytes, and the rest cannot be written to the temporary file {Path}: {inner.Message} Free space ") +
        $"there, set another folder in the environment variable {FolderVariable}, or increase the budget.", inner);
}
