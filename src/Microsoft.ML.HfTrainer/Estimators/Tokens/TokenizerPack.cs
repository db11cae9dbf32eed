using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>A tokenizer's files as one run of bytes: a safetensors file whose tensors are the files.</summary>
internal static class TokenizerPack
{
    // A vocabulary takes a while to read: a tokenizer that is alive in the process is taken instead of one that is equal in all.
    private static readonly ConcurrentDictionary<(string Identity, string Name, string? Folder), WeakReference<HfTokenizer>> _alive = new();

    /// <summary>Makes a tokenizer known to this process.</summary>
    public static void Remember(HfTokenizer tokenizer)
    {
        foreach (var gone in _alive.Where(known => !known.Value.TryGetTarget(out _)))
            _alive.TryRemove(gone);
        _alive[(tokenizer.Identity, tokenizer.Name, tokenizer.Folder)] = new WeakReference<HfTokenizer>(tokenizer);
    }

    /// <summary>A tokenizer like this that is in use in this process, or null.</summary>
    public static HfTokenizer? FindAlive(string identity, string name, string? folder) =>
        _alive.TryGetValue((identity, name, folder), out var known) && known.TryGetTarget(out var tokenizer) ? tokenizer : null;

    public static byte[] Write(HfTokenizer tokenizer)
    {
        using var buffer = new MemoryStream();
        SafetensorsWriter.Write(buffer, tokenizer.Files.Select(file => new SafetensorsTensor(file.Key, SafetensorsDType.U8, [file.Value.Length], file.Value)));
        return buffer.ToArray();
    }

    public static HfTokenizer Load(string name, byte[] packed)
    {
        using var files = SafetensorsFile.Read($"the files of the tokenizer '{name}'", packed);
        return HfTokenizer.FromFiles(name, files.Entries.Keys.ToDictionary(file => file, file => files.GetBytes(file).ToArray()));
    }
}
