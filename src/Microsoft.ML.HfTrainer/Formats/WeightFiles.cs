using System.Collections.ObjectModel;
using Microsoft.ML.HfTrainer.Formats.Torch;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// The weights in a folder as Hugging Face Transformers saves them: as safetensors or as pickles of PyTorch, in one file or in many. The files of a split model are
/// opened when one of their tensors is first asked for.
/// </summary>
internal sealed class WeightFiles : IDisposable
{
    public const string SingleName = "model.safetensors";

    public const string IndexName = "model.safetensors.index.json";

    // In the order in which they are looked for, as Hugging Face Transformers does.
    private static readonly Format[] Formats =
    [
        new(SingleName, IndexName, ".safetensors", SafetensorsFile.Open),
        new("pytorch_model.bin", "pytorch_model.bin.index.json", ".bin", TorchWeights.Open),
    ];

    /// <summary>The names that weights in a folder may have, in the order in which they are looked for: one file, or an index of files with that extension.</summary>
    public static IEnumerable<(string Single, string Index, string Extension)> Layouts => Formats.Select(format => (format.Single, format.Index, format.Extension));

    private readonly Dictionary<string, Lazy<IWeightFile>> _files;
    private readonly SafetensorsIndex? _index;
    private readonly string _single = SingleName;
    private readonly Lazy<IReadOnlyDictionary<string, SafetensorsEntry>> _entries;
    private bool _disposed;

    private WeightFiles(string folder, IReadOnlyList<string> files, SafetensorsIndex? index, Func<string, IWeightFile> open)
    {
        _index = index;
        _single = files[0];
        _files = files.ToDictionary(
            file => file,
            file => new Lazy<IWeightFile>(() => open(System.IO.Path.Combine(folder, file))),
            StringComparer.Ordinal);
        _entries = new(CollectEntries);
    }

    /// <summary>The weights of one file that is open already; it is closed with this object.</summary>
    public WeightFiles(SafetensorsFile file)
    {
        _files = new() { [SingleName] = new Lazy<IWeightFile>(file) };
        _entries = new(CollectEntries);
    }

    /// <summary>All tensors, file by file; the first call opens every file and so checks every header.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries.Value;

    /// <summary>The names under which the files hold something else than tensors.</summary>
    public IEnumerable<string> Others => Opened.SelectMany(file => file.Others);

    /// <summary>Names of weights that the files do not repeat because they share the memory of another: each with the name of that one.</summary>
    public IEnumerable<KeyValuePair<string, string>> Aliases => Opened.SelectMany(file => file.Aliases).Where(alias => Entries.ContainsKey(alias.Value) && !Entries.ContainsKey(alias.Key));

    /// <summary>The file of the weights, or the index of several.</summary>
    public string Path => _index?.Path ?? _files[_single].Value.Path;

    /// <summary>The names of all tensors, without opening the files of a split model.</summary>
    public IEnumerable<string> Names => _index?.WeightMap.Keys ?? Entries.Keys;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no weights that can be read.</exception>
    /// <exception cref="InvalidDataException">A file breaks a rule of the format, or one that the index names is missing.</exception>
    public static WeightFiles Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder {folder}; it should hold {SingleName} or {IndexName}.");
        }

        foreach (Format format in Formats)
        {
            if (File.Exists(System.IO.Path.Combine(folder, format.Single)))
            {
                var single = new WeightFiles(folder, [format.Single], null, format.Open);
                _ = single._files[format.Single].Value;
                return single;
            }

            string indexPath = System.IO.Path.Combine(folder, format.Index);
            if (File.Exists(indexPath))
            {
                return OpenSplit(folder, format, indexPath);
            }
        }

        throw new FileNotFoundException($"The folder {folder} holds no weights: neither {string.Join(" nor ", Formats.SelectMany(f => new[] { f.Single, f.Index }))} is there.");
    }

    /// <inheritdoc cref="SafetensorsFile.GetBytes(string)"/>
    public ReadOnlySpan<byte> GetBytes(string name) => FileOf(name).GetBytes(name);

    /// <inheritdoc cref="SafetensorsFile.GetBytes(string, long, int)"/>
    public ReadOnlySpan<byte> GetBytes(string name, long start, int length) => FileOf(name).GetBytes(name, start, length);

    /// <summary>The file that holds a tensor; opens no other.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public IWeightFile FileOf(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_index is null)
        {
            return _files[_single].Value;
        }

        if (!_index.WeightMap.TryGetValue(name, out string? fileName))
        {
            throw new KeyNotFoundException($"{_index.Path}: there is no tensor {JsonText.Show(name)} among its {_index.WeightMap.Count}.");
        }

        IWeightFile file = _files[fileName].Value;
        RequireHeld(file, name, fileName);
        return file;
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (Lazy<IWeightFile> file in _files.Values)
        {
            if (file.IsValueCreated)
            {
                file.Value.Dispose();
            }
        }
    }

    private IEnumerable<IWeightFile> Opened => _files.Values.Select(file => file.Value);

    private static WeightFiles OpenSplit(string folder, Format format, string indexPath)
    {
        SafetensorsIndex index = SafetensorsIndex.Read(indexPath, format.Extension);
        string[] missing = index.Files.Where(file => !File.Exists(System.IO.Path.Combine(folder, file))).ToArray();
        return missing.Length == 0
            ? new WeightFiles(folder, index.Files, index, format.Open)
            : throw new InvalidDataException($"{indexPath}: {missing.Length} of the {index.Files.Count} files that it names are not in its folder, "
                + $"{JsonText.Show(missing[0])} first; the download or copy is incomplete.");
    }

    private IReadOnlyDictionary<string, SafetensorsEntry> CollectEntries()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_index is null)
        {
            return _files[_single].Value.Entries;
        }

        // The index decides: what a file holds besides is not part of the model.
        foreach ((string name, string fileName) in _index.WeightMap)
        {
            if (_files[fileName].Value.Others.Contains(name))
            {
                continue;
            }

            RequireHeld(_files[fileName].Value, name, fileName);
        }

        var entries = new OrderedDictionary<string, SafetensorsEntry>(_index.WeightMap.Count, StringComparer.Ordinal);
        foreach (string fileName in _index.Files)
        {
            foreach (SafetensorsEntry entry in _files[fileName].Value.Entries.Values)
            {
                if (_index.WeightMap.TryGetValue(entry.Name, out string? mapped) && mapped == fileName)
                {
                    entries.Add(entry.Name, entry);
                }
            }
        }

        return new ReadOnlyDictionary<string, SafetensorsEntry>(entries);
    }

    private void RequireHeld(IWeightFile file, string name, string fileName)
    {
        if (!file.Entries.ContainsKey(name))
        {
            throw new InvalidDataException($"{_index!.Path}: weight_map sends tensor {JsonText.Show(name)} to {JsonText.Show(fileName)}, which does not "
                + "hold it; index and file must come from one save.");
        }
    }

    private sealed record Format(string Single, string Index, string Extension, Func<string, IWeightFile> Open);
}
