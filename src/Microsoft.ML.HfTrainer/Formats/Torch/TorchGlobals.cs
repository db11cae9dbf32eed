using Microsoft.ML.HfTrainer.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Formats.Torch;

/// <summary>The names that may stand in a file of <c>torch.save</c>, and what their calls give. Whatever is not here is refused by name.</summary>
internal static class TorchGlobals
{
    private delegate object? Constructor(PickleGlobal callee, IReadOnlyList<object?> arguments);

    // What a generator's state of NumPy is made of: kept as it is, since nothing here needs it.
    private static readonly string[] _opaque =
    [
        "numpy.ndarray", "numpy.dtype", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar", "numpy.random._pickle.__randomstate_ctor", "torch.device", "torch.storage.TypedStorage",
    ];

    private static readonly Dictionary<string, Constructor> _constructors = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = OrderedDictionary,
        ["torch.Size"] = (_, a) => new PickleTuple(At<List<object?>>(a, 0)),
        ["torch._utils._rebuild_tensor_v2"] = RebuildTensor,
        ["torch._utils._rebuild_tensor"] = RebuildTensor,
        ["torch._utils._rebuild_tensor_v3"] = RebuildTypedTensor,
        ["torch._utils._rebuild_parameter"] = (_, a) => At<TorchTensor>(a, 0),
        ["_codecs.encode"] = (_, a) => System.Text.Encoding.Latin1.GetBytes(At<string>(a, 0)),
    };

    /// <summary>Whether a name may stand in a file.</summary>
    public static bool IsAllowed(PickleGlobal global) =>
        _constructors.ContainsKey(global.ToString()) || _opaque.Contains(global.ToString())
        || StorageType(global) is not null || global.Module == "torch" && TorchDTypes.ByName.ContainsKey(global.Name);

    /// <summary>Returns the result of calling a global name.</summary>
    public static object? Call(PickleGlobal callee, PickleTuple arguments) =>
        _constructors.TryGetValue(callee.ToString(), out var constructor) ? constructor(callee, arguments.Items) : new PickleObject(callee, arguments);

    /// <summary>The storage that a file keeps outside its pickle: <c>("storage", type, key, device, length)</c>.</summary>
    public static TorchStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: var items } || items.Count < 5 || items[0] is not "storage")
            throw new InvalidDataException("what is stored outside the pickle is no storage");
        var (type, key, length) = (At<PickleGlobal>(items, 1), At<string>(items, 2), At<long>(items, 4));
        if (StorageType(type) is not { } known)
            throw new InvalidDataException($"'{type}' is no type of storage");
        if (length < 0 || length > long.MaxValue / 16)
            throw new InvalidDataException($"storage {JsonText.Show(key)} has {length} elements");
        return new TorchStorage(key, known.DType, length);
    }

    /// <summary>The part of the storage that is meant, in files of old versions of PyTorch: its name, first element and length. If null, it is the whole storage.</summary>
    public static (string Key, long Start, long Length)? ViewedPart(object? id) =>
        id is PickleTuple { Items: [_, _, _, _, _, PickleTuple { Items: var part }, ..] } ? (At<string>(part, 0), At<long>(part, 1), At<long>(part, 2)) : null;

    private static (bool IsTyped, SafetensorsDType? DType)? StorageType(PickleGlobal global) =>
        global is { Module: "torch", Name: var name } && TorchDTypes.OfStorages.TryGetValue(name, out var dtype) ? (true, dtype)
        : global is { Module: "torch.storage" or "torch", Name: "UntypedStorage" } ? (false, null)
        : null;

    private static PickleDictionary OrderedDictionary(PickleGlobal callee, IReadOnlyList<object?> arguments)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in arguments.Count == 0 ? [] : At<List<object?>>(arguments, 0))
        {
            var items = pair is PickleTuple tuple ? tuple.Items : pair as List<object?>;
            if (items is not [var key, var value])
                throw new InvalidDataException($"{callee} is not made of pairs");
            dictionary.Set(key, value);
        }
        return dictionary;
    }

    private static TorchTensor RebuildTensor(PickleGlobal callee, IReadOnlyList<object?> arguments)
    {
        var storage = At<TorchStorage>(arguments, 0);
        return new TorchTensor(storage, storage.DType ?? throw new InvalidDataException($"{callee} has a storage without a type"), At<long>(arguments, 1), Longs(arguments, 2), Longs(arguments, 3));
    }

    private static TorchTensor RebuildTypedTensor(PickleGlobal callee, IReadOnlyList<object?> arguments)
    {
        var dtype = At<PickleGlobal>(arguments, 6);
        return TorchDTypes.ByName.TryGetValue(dtype.Name, out var type)
            ? new TorchTensor(At<TorchStorage>(arguments, 0), type, At<long>(arguments, 1), Longs(arguments, 2), Longs(arguments, 3))
            : throw new InvalidDataException($"{callee} has the type '{dtype}', which is unknown");
    }

    private static long[] Longs(IReadOnlyList<object?> arguments, int index) => [.. At<PickleTuple>(arguments, index).Items.Select(i => i as long? ?? throw new InvalidDataException("a size or stride is no whole number"))];

    private static T At<T>(IReadOnlyList<object?> items, int index) =>
        index < items.Count && items[index] is T value ? value : throw new InvalidDataException($"argument {index} of a call is not of the kind {typeof(T).Name}");
}
