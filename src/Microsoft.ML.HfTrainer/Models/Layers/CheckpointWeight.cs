using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A weight of a layer as checkpoints hold it: its name and shape there, and how its values are loaded, saved and initialized.</summary>
/// <param name="name">The name within the layer, such as <c>weight</c>.</param>
/// <param name="values">The tensor that holds the values.</param>
/// <param name="isBuffer">true if it is a buffer, which is not trained and which checkpoints may lack.</param>
internal class CheckpointWeight(string name, Tensor values, bool isBuffer)
{
    /// <summary>The name within the layer.</summary>
    public string Name { get; } = name;

    /// <summary>true if it is a buffer.</summary>
    public bool IsBuffer { get; } = isBuffer;

    /// <summary>The tensor that holds the values.</summary>
    public Tensor Values { get; } = values;

    /// <summary>The shape in checkpoints.</summary>
    public virtual IReadOnlyList<long> Shape => Values.shape;

    /// <summary>Fills it with the values of a file.</summary>
    public virtual void Load(StoredWeight stored) => stored.CopyTo(Values);

    /// <summary>Returns the tensor that a checkpoint holds.</summary>
    public virtual Tensor Save() => Values;

    /// <summary>Fills it with initial values.</summary>
    /// <param name="fill">Fills a tensor of the shape in checkpoints.</param>
    public virtual void Initialize(Action<Tensor> fill) => fill(Values);

    /// <summary>Returns the parameters and persistent buffers of a module as weights, without those of its children.</summary>
    public static IEnumerable<CheckpointWeight> OwnOf(nn.Module module)
    {
        foreach (var (name, parameter) in module.named_parameters(recurse: false))
            yield return new CheckpointWeight(name, parameter, isBuffer: false);
        var buffers = module.named_buffers(recurse: false).ToList();
        if (buffers.Count == 0)
            yield break;
        var persistent = module.state_dict();
        foreach (var (name, buffer) in buffers.Where(b => persistent.ContainsKey(b.name)))
            yield return new CheckpointWeight(name, buffer, isBuffer: true);
    }
}

/// <summary>A weight with its place in a model.</summary>
/// <param name="Path">The name of the module that holds it; empty for the model itself.</param>
/// <param name="Module">That module.</param>
/// <param name="Weight">The weight.</param>
internal readonly record struct PlacedWeight(string Path, nn.Module Module, CheckpointWeight Weight)
{
    /// <summary>The name in the model.</summary>
    public string Name => Path.Length == 0 ? Weight.Name : $"{Path}.{Weight.Name}";

    /// <summary>Returns the weights of a model in the order of registration, those of a module before those of its children. A shared weight is returned once.</summary>
    public static IEnumerable<PlacedWeight> AllOf(nn.Module model) => EveryNameOf(model).DistinctBy(placed => placed.Weight.Values, ReferenceEqualityComparer.Instance);

    /// <summary>Returns the same, with a shared weight once for each of its names.</summary>
    public static IEnumerable<PlacedWeight> EveryNameOf(nn.Module model) => Walk(model, "");

    private static IEnumerable<PlacedWeight> Walk(nn.Module module, string path)
    {
        foreach (var weight in (module as Layer)?.CheckpointWeights() ?? CheckpointWeight.OwnOf(module))
            yield return new PlacedWeight(path, module, weight);
        foreach (var (name, child) in module.named_children())
            foreach (var placed in Walk(child, path.Length == 0 ? name : $"{path}.{name}"))
                yield return placed;
    }
}
