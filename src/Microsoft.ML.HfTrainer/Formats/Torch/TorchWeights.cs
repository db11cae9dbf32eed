using System.Collections.ObjectModel;
using System.Globalization;
using Microsoft.ML.HfTrainer.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Formats.Torch;

/// <summary>The weights in a <c>pytorch_model.bin</c>: a dictionary from names to tensors.</summary>
internal sealed class TorchWeights : IWeightFile
{
    private readonly TorchFile _file;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<string> _others = [];

    private TorchWeights(TorchFile file)
    {
        _file = file;
        if (file.Root is not PickleDictionary weights)
            throw new InvalidDataException($"{file.Path}: it holds no dictionary of weights but a value of the kind {file.Root?.GetType().Name ?? "None"}.");
        var entries = new OrderedDictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        foreach (var (key, value) in weights.Items)
        {
            if (key is not string name || value is not TorchTensor tensor)
            {
                _others.Add(string.Create(CultureInfo.InvariantCulture, $"{key}"));
                continue;
            }
            _tensors.Add(name, tensor);
            entries.Add(name, new SafetensorsEntry(name, tensor.DType, tensor.Shape, 0, tensor.Count * tensor.Width));
        }
        Entries = new ReadOnlyDictionary<string, SafetensorsEntry>(entries);
    }

    public string Path => _file.Path;

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    public IReadOnlyList<string> Others => _others;

    /// <exception cref="InvalidDataException">The file is damaged, uses names that are not allowed, or holds no dictionary.</exception>
    public static TorchWeights Open(string path)
    {
        var file = TorchFile.Open(path);
        try
        {
            return new TorchWeights(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<byte> GetBytes(string name)
    {
        var length = Entries[name].ByteLength;
        return length <= int.MaxValue
            ? GetBytes(name, 0, (int)length)
            : throw new InvalidOperationException($"{Path}: tensor {JsonText.Show(name)} has {length} bytes and a span holds at most {int.MaxValue}; read it slice by slice.");
    }

    public ReadOnlySpan<byte> GetBytes(string name, long start, int length) => _file.GetBytes(_tensors[name], start, length);

    public void Dispose() => _file.Dispose();
}
