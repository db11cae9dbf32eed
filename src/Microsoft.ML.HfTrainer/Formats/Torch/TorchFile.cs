using System.Buffers.Binary;
using Microsoft.ML.HfTrainer.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Formats.Torch;

/// <summary>
/// A file of <c>torch.save</c>, read as data: of the present form, a zip archive, and of the one before PyTorch 1.6. No code in it is run; a name that is not on
/// the list of <see cref="TorchGlobals"/> is refused.
/// </summary>
internal sealed class TorchFile : IDisposable
{
    // A pickle holds names and shapes; those of the largest models take a few megabytes.
    private const int MaxPickleLength = 1 << 26;

    private readonly ByteRegion _content;

    private TorchFile(string path, ByteRegion content, object? root) => (Path, _content, Root) = (path, content, root);

    public string Path { get; }

    /// <summary>What was saved: dictionaries, lists, numbers, texts, and <see cref="TorchTensor"/>.</summary>
    public object? Root { get; }

    /// <summary>Maps a file and reads all of it but the elements of its tensors.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, of another kind, or uses a name that is not allowed.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static TorchFile Open(string path)
    {
        var content = ByteRegion.Map(path);
        try
        {
            return new TorchFile(path, content, StoredZip.IsOne(content) ? ReadArchive(content) : ReadLegacy(content));
        }
        catch (InvalidDataException failure)
        {
            content.Dispose();
            throw new InvalidDataException($"{path}: {failure.Message}.", failure);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Compares every byte with the file's checksums.</summary>
    /// <exception cref="InvalidDataException">A part is damaged.</exception>
    public static void Verify(string path)
    {
        using var file = Open(path);
        if (!StoredZip.IsOne(file._content))
            return;
        foreach (var (name, entry) in StoredZip.Read(file._content))
            if (Crc32.Of(file._content, entry.Start, entry.Length) != entry.Checksum)
                throw new InvalidDataException($"{path}: the checksum of {JsonText.Show(name)} in the archive is another than that of its bytes; the file is damaged.");
    }

    /// <summary>A part of a tensor's bytes, row-major and little-endian; good until the file is disposed.</summary>
    public ReadOnlySpan<byte> GetBytes(TorchTensor tensor, long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, tensor.Count * tensor.Width - start);
        return tensor.GetBytes(_content, start, length);
    }

    public void Dispose() => _content.Dispose();

    private static object? ReadArchive(ByteRegion content)
    {
        var entries = StoredZip.Read(content);
        var pickle = entries.Keys.FirstOrDefault(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(c => c == '/') == 1)
            ?? throw new InvalidDataException("the archive holds no data.pkl; it was not written by torch.save");
        var prefix = pickle[..^"data.pkl".Length];
        if (entries.TryGetValue(prefix + "byteorder", out var order) && !content.Slice(order.Start, (int)Math.Min(order.Length, 8)).SequenceEqual("little"u8))
            throw new InvalidDataException("it was written on a big-endian machine; only little-endian files are read");
        var place = entries[pickle];
        if (place.Length > MaxPickleLength)
            throw new InvalidDataException($"its data.pkl has {place.Length} bytes; at most {MaxPickleLength} are read");
        return PickleReader.Read(content.Slice(place.Start, (int)place.Length), new Host(Locate), out _);

        void Locate(TorchStorage storage)
        {
            if (!entries.TryGetValue($"{prefix}data/{storage.Key}", out var entry))
                throw new InvalidDataException($"storage {JsonText.Show(storage.Key)} is not in the archive");
            if (entry.Length < storage.ByteLength)
                throw new InvalidDataException($"storage {JsonText.Show(storage.Key)} has {entry.Length} bytes; its type and length ask for {storage.ByteLength}");
            storage.Start = entry.Start;
        }
    }

    // Five pickles one after another (a magic number, a version, the machine's sizes, the object, the keys of storages), then each storage: its length, its bytes.
    private static object? ReadLegacy(ByteRegion content)
    {
        var position = 0L;
        var host = new Host(_ => { });
        if (!Equals(Next(), System.Numerics.BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture)) || !Equals(Next(), 1001L))
            throw new InvalidDataException("it is no file of torch.save: neither a zip archive nor of the form before PyTorch 1.6");
        if (Next() is PickleDictionary system && system["little_endian"] is false)
            throw new InvalidDataException("it was written on a big-endian machine; only little-endian files are read");
        var root = Next();
        foreach (var key in Next() as List<object?> ?? throw new InvalidDataException("it names no storages"))
        {
            if (key is not string name || !host.Storages.Remove(name, out var storage))
                throw new InvalidDataException($"it has a storage that nothing uses, '{key}'");
            if (position > content.Length - sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(content.Slice(position, sizeof(long))) != storage.Length
                || storage.ByteLength > content.Length - position - sizeof(long))
                throw new InvalidDataException($"storage {JsonText.Show(name)} does not lie within the file; the file is truncated or damaged");
            storage.Start = position + sizeof(long);
            position = storage.Start + storage.ByteLength;
        }
        return host.Storages.Count == 0 ? root : throw new InvalidDataException($"storage {JsonText.Show(host.Storages.Keys.First())} is not in the file");

        object? Next()
        {
            var value = PickleReader.Read(content.Slice(position, (int)Math.Min(content.Length - position, MaxPickleLength)), host, out var length);
            position += length;
            return value;
        }
    }

    private sealed class Host(Action<TorchStorage> locate) : IPickleHost
    {
        public Dictionary<string, TorchStorage> Storages { get; } = new(StringComparer.Ordinal);

        public PickleGlobal Allow(string module, string name) => new PickleGlobal(module, name) is var global && TorchGlobals.IsAllowed(global)
            ? global
            : throw new InvalidDataException($"it uses {JsonText.Show(global.ToString())}, which is not on the list of what data needs; such a file may run code in Python and is not read here");

        public object? Call(PickleGlobal callee, PickleTuple arguments) => TorchGlobals.Call(callee, arguments);

        public object? Persistent(object? id)
        {
            var storage = TorchGlobals.Storage(id);
            return TorchGlobals.ViewedPart(id) is var (key, start, length) ? TorchStorage.View(key, start, length, Known(storage)) : Known(storage);
        }

        private TorchStorage Known(TorchStorage storage)
        {
            if (Storages.TryGetValue(storage.Key, out var known))
                return known.DType == storage.DType && known.Length == storage.Length ? known : throw new InvalidDataException($"storage {JsonText.Show(storage.Key)} is described in two ways");
            locate(storage);
            return Storages[storage.Key] = storage;
        }
    }
}
