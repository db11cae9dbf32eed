using System.Text;

namespace Microsoft.ML.HfTrainer.Reporting.LogFiles;

/// <summary>
/// A file of lines that only grows at its end. A line is appended in one write and the file is not held open, so that a process that is killed leaves at
/// most its last line in part; that part is dropped before the next line is appended.
/// </summary>
internal sealed class LogFile(string path)
{
    private const byte NewLine = (byte)'\n';

    private bool _isWhole;

    /// <summary>The whole lines of the file; none where it does not exist.</summary>
    public List<string> ReadLines()
    {
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n').SkipLast(1)];
    }

    public void Append(string line)
    {
        MakeFolder();
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (!_isWhole)
            file.SetLength(WholeLength(file));
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line + '\n'));
        _isWhole = true;
    }

    /// <summary>Puts other lines in place of the file's: all of them, or, if the process is killed meanwhile, none.</summary>
    public void Replace(IEnumerable<string> lines)
    {
        MakeFolder();
        var unfinished = path + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            foreach (var line in lines)
                file.Write(Encoding.UTF8.GetBytes(line + '\n'));
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
        _isWhole = true;
    }

    private void MakeFolder()
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
    }

    private static long WholeLength(FileStream file)
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
