using System.Text;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Reporting.LogFiles;

/// <summary>
/// A text file that only grows at its end. The file is not held open, and lines are appended in one write, so that a process that is killed leaves at most an incomplete
/// last line; it is removed before the next line is appended.
/// </summary>
internal sealed class LogFile(string path)
{
    private const byte NewLine = (byte)'\n';

    // The end of the last write; null if nothing was written yet.
    private long? _end;

    /// <summary>Reads the complete lines of the file; none if it does not exist.</summary>
    public List<string> ReadLines()
    {
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n').SkipLast(1)];
    }

    /// <summary>Appends lines. If this fails, the file has none of them after the next call.</summary>
    public void Append(params IReadOnlyList<string> lines)
    {
        CreateFolder();
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var end = _end is { } known && known <= file.Length ? known : CompleteLength(file);
        file.SetLength(end);
        file.Seek(end, SeekOrigin.Begin);
        file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + '\n'))));
        _end = file.Length;
    }

    /// <summary>Replaces all lines of the file. If the process is killed meanwhile, the file is unchanged.</summary>
    public void Replace(IEnumerable<string> lines)
    {
        CreateFolder();
        var unfinished = path + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            foreach (var line in lines)
                file.Write(Encoding.UTF8.GetBytes(line + '\n'));
            file.Flush(flushToDisk: true);
        }
        FileMoves.Replace(unfinished, path);
        _end = null;
    }

    private void CreateFolder()
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
    }

    private static long CompleteLength(FileStream file)
    {
        var length = file.Length;
        for (; length > 0; length--)
        {
            file.Seek(length - 1, SeekOrigin.Begin);
            if (file.ReadByte() == NewLine)
                break;
        }
        return length;
    }
}
