using Microsoft.ML.HfTrainer.Formats;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// The type and the limit of the parameters that are allocated while a model is created. A configuration may come from anywhere, and one digit too many in it must not ask the system for
/// terabytes.
/// </summary>
internal sealed class ModelAllocation : IDisposable
{
    // The elements that a model may have beyond those of its files: new heads, computed tables.
    private const double BeyondFiles = 1 << 26;

    // The objects around a parameter take memory, which counts when there are millions of small ones.
    private const double SmallestCharge = 1 << 12;

    // More than a thousand layers; the objects around a tensor take memory too, however small it is.
    private const int MostTensors = 1 << 15;

    // A tensor that is this small a part of the limit is not at fault by itself: there are too many of them.
    private const int ManyLayers = 64;

    // A new classifier has a row for each label.
    private const double ElementsALabel = 1 << 13;

    [ThreadStatic]
    private static ModelAllocation? _current;

    private readonly ModelAllocation? _outer = _current;
    private readonly PretrainedConfig _config;
    private readonly ScalarType _type;
    private readonly double _limit;
    private readonly string _why;
    private double _charged;
    private int _tensors;

    private ModelAllocation(PretrainedConfig config, ScalarType type, double limit, string why)
    {
        (_config, _type, _limit, _why) = (config, type, limit, why);
        _current = this;
    }

    /// <summary>The type of parameters that are allocated on this thread.</summary>
    public static ScalarType Type => _current?._type ?? ScalarType.Float32;

    /// <summary>Begins the creation of a model on this thread; disposal ends it.</summary>
    /// <param name="config">The configuration that sizes come from.</param>
    /// <param name="type">The type of its parameters.</param>
    /// <param name="files">The weights that it will be filled with. If null, the limit is the machine's memory.</param>
    public static ModelAllocation Begin(PretrainedConfig config, ScalarType type, WeightFiles? files)
    {
        RefuseEndlessStacks(config);
        if (files is null)
        {
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            return new(config, type, (double)memory / Width(type), $"this machine has {Size(memory)} of memory");
        }
        var stored = files.Entries.Values.Sum(e => Math.Max(Elements(e.Shape), SmallestCharge));
        return new(config, type, 2 * stored + BeyondFiles + config.Labels.Count * ElementsALabel, FormattableString.Invariant($"its files hold {stored:0} of them"));
    }

    /// <summary>Counts a parameter that is about to be allocated.</summary>
    /// <exception cref="InvalidDataException">It is too large; the message names the field of the configuration that is probably at fault.</exception>
    public static void Charge(IReadOnlyList<long> shape) => _current?.Add(shape);

    public void Dispose() => _current = _outer;

    private void Add(IReadOnlyList<long> shape)
    {
        _charged += Math.Max(Elements(shape), SmallestCharge);
        if (++_tensors > MostTensors)
            throw Error(null, $"more than {MostTensors} tensors of weights", "smaller");
        if (_charged > _limit)
            throw Error(Elements(shape) > _limit / ManyLayers ? shape.Max() : null, FormattableString.Invariant($"more than {_limit:0} weights, a tensor of shape [{string.Join(", ", shape)}] among them"), $"smaller: {_why}");
    }

    // The list of layers is allocated before the first layer is charged.
    private static void RefuseEndlessStacks(PretrainedConfig config)
    {
        foreach (var (field, value) in config.Integers.Where(n => n.Value > MostTensors && (IsOfLayers(n.Field) || n.Field.Contains("group", StringComparison.Ordinal))))
            throw config.Error(field, $"is {value}, with which the model would have more than {MostTensors} tensors of weights", "smaller");
    }

    private static bool IsOfLayers(string field) => field.Contains("layer", StringComparison.Ordinal);

    // The largest dimension is the value of the field at fault; if all are small, there are too many layers.
    private InvalidDataException Error(long? widest, string found, string expected)
    {
        var (field, value) = _config.Integers.OrderByDescending(n => widest is null ? IsOfLayers(n.Field) : n.Value == widest)
            .ThenByDescending(n => n.Value).FirstOrDefault(("", 0));
        return _config.Error(field, $"is {value}, with which the model would have {found}", expected);
    }

    // In floating point, since the product may be beyond 64 bits.
    private static double Elements(IReadOnlyList<long> shape) => shape.Aggregate(1.0, (product, d) => product * d);

    private static int Width(ScalarType type) => type switch { ScalarType.Float64 => 8, ScalarType.Float32 => 4, _ => 2 };

    private static string Size(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 30):0.#} GiB");
}
