using Microsoft.ML.HfTrainer.Formats;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// How parameters are allocated while a model is made: in which type, and how much altogether. A configuration is a text of a stranger's, and one digit too
/// many in it must not ask the system for terabytes.
/// </summary>
internal sealed class ModelAllocation : IDisposable
{
    // What a model may have beyond the files of its weights: heads that are new, tables that are computed.
    private const double BeyondFiles = 1 << 26;

    // A parameter has objects around it, whose memory counts where there are millions of small ones.
    private const double SmallestCharge = 1 << 12;

    // A thousand layers and more; what lies around a tensor takes memory too, however small it is.
    private const int MostTensors = 1 << 15;

    // A tensor that is so small a part of what is allowed is one of too many.
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

    /// <summary>The type of parameters that are made now.</summary>
    public static ScalarType Type => _current?._type ?? ScalarType.Float32;

    /// <summary>Begins the making of a model on this thread; it ends with disposal.</summary>
    /// <param name="config">The configuration that sizes come from.</param>
    /// <param name="type">The type of its parameters.</param>
    /// <param name="files">The weights that it will be filled with; null: it is bounded by the machine's memory.</param>
    public static ModelAllocation Begin(PretrainedConfig config, ScalarType type, WeightFiles? files)
    {
        RefuseEndlessStacks(config);
        if (files is null)
        {
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            return new(config, type, (double)memory / Width(type), $"this machine has {Size(memory)} of memory");
        }
        var stored = files.Entries.Values.Sum(e => Math.Max(Elements(e.Shape), SmallestCharge));
        return new(config, type, 2 * stored + BeyondFiles + config.Labels.Count * ElementsALabel, $"its files hold {stored:0} of them");
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
            throw Error(Elements(shape) > _limit / ManyLayers ? shape.Max() : null, $"more than {_limit:0} weights, a tensor of shape [{string.Join(", ", shape)}] among them", $"smaller: {_why}");
    }

    // Stacks of layers are lists, whose memory is asked for before the first layer is made.
    private static void RefuseEndlessStacks(PretrainedConfig config)
    {
        foreach (var (field, value) in config.Numbers.Where(n => n.Value > MostTensors && (IsOfLayers(n.Field) || n.Field.Contains("group", StringComparison.Ordinal))))
            throw config.Error(field, $"is {value}, with which the model would have more than {MostTensors} tensors of weights", "smaller");
    }

    private static bool IsOfLayers(string field) => field.Contains("layer", StringComparison.Ordinal);

    // The largest dimension is that of one field; where every one is small, there are too many layers.
    private InvalidDataException Error(long? widest, string found, string expected)
    {
        var (field, value) = _config.Numbers.OrderByDescending(n => widest is null ? IsOfLayers(n.Field) : n.Value == widest)
            .ThenByDescending(n => n.Value).FirstOrDefault(("", 0));
        return _config.Error(field, $"is {value}, with which the model would have {found}", expected);
    }

    // In floating point, since the product may be beyond 64 bits.
    private static double Elements(IReadOnlyList<long> shape) => shape.Aggregate(1.0, (product, d) => product * d);

    private static int Width(ScalarType type) => type switch { ScalarType.Float64 => 8, ScalarType.Float32 => 4, _ => 2 };

    private static string Size(long bytes) => $"{bytes / (double)(1 << 30):0.#} GiB";
}
