using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Packs the files of a tokenizer into bytes: a safetensors file whose tensors are the files.</summary>
internal static class TokenizerPack
{
    // Loading a vocabulary takes a while: an equal tokenizer that is in use in the process is taken instead.
    private static readonly ConcurrentDictionary<(string Identity, string Name, string? Folder), WeakReference<HfTokenizer>> _alive = new();

    /// <summary>Registers a tokenizer for <see cref="FindAlive"/>, for as long as it is in use.</summary>
    public static void Remember(HfTokenizer tokenizer)
    {
        foreach (var gone in _alive.Where(known => !known.Value.TryGetTarget(out _)))
            _alive.TryRemove(gone);
        _alive[(tokenizer.Identity, tokenizer.Name, tokenizer.Folder)] = new WeakReference<HfTokenizer>(tokenizer);
    }

    /// <summary>Returns an equal tokenizer that is in use in this process, or null.</summary>
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
