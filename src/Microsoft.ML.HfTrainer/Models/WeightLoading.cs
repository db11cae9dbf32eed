using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Fills a model's parameters from weight files, and initialises those that the files lack.</summary>
internal static class WeightLoading
{
    private static readonly SafetensorsDType[] _types = [SafetensorsDType.F32, SafetensorsDType.F16, SafetensorsDType.BF16, SafetensorsDType.F64];

    // Weights are converted so many at a time: neither they nor the file is ever in memory a second time.
    private const long Slice = 1 << 22;

    /// <summary>Copies every weight that the model has a place for, converted to the type that its parameter has.</summary>
    /// <param name="model">The model.</param>
    /// <param name="files">The weights.</param>
    /// <param name="newHead">Whether weights of the head that have other shapes are initialised as new.</param>
    /// <exception cref="InvalidDataException">A weight has another shape than its parameter, or a type that no weight has.</exception>
    public static LoadReport Load(PretrainedModel model, WeightFiles files, bool newHead = false)
    {
        var report = Fill(model, files, model.Architecture.Prefixes, newHead ? model.IsOfHead : _ => false);
        Initialize(model, report.Missing.Concat(report.Mismatched.Select(m => m.Name)).ToHashSet());
        var optional = model.OptionalNames();
        return report with { Missing = [.. report.Missing.Where(name => !optional.Contains(name))] };
    }

    /// <summary>Copies every weight that the model has a place for; what the files lack stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="files">The weights.</param>
    /// <param name="prefixes">What names may begin with in the files and not in the model, and the other way round; null: names are the same.</param>
    /// <param name="mayBeNew">The weights that stay as they are where the file's have another shape; for others that is an error.</param>
    public static LoadReport Fill(nn.Module model, WeightFiles files, IReadOnlyList<string>? prefixes = null, Func<string, bool>? mayBeNew = null)
    {
        prefixes ??= [];
        var places = files.Entries.Keys.GroupBy(Modern).ToDictionary(g => g.Key, g => g.First());
        foreach (var (name, stored) in (model as PretrainedModel)?.Architecture.FileNames ?? [])
            if (places.Remove(stored, out var place))
                places.TryAdd(name, place);
        ReadTied(model as PretrainedModel, files, places, prefixes);
        var (missing, mismatched) = (new List<string>(), new List<MismatchedWeight>());
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (Find(name, places, prefixes) is { } place)
            {
                places.Remove(place, out var stored);
                if (mayBeNew?.Invoke(name) == true && !files.Entries[stored!].Shape.SequenceEqual(parameter.shape))
                    mismatched.Add(new MismatchedWeight(name, files.Entries[stored!].Shape, parameter.shape));
                else
                    Copy(files, files.Entries[stored!], name, parameter);
            }
            else
            {
                missing.Add(name);
            }
        }
        foreach (var (name, buffer) in model.named_buffers().Where(b => b.buffer.is_floating_point()))
            if (Find(name, places, prefixes) is { } place && places.Remove(place, out var stored))
                Copy(files, files.Entries[stored], name, buffer);
        return new LoadReport(missing, [.. places.Values.Order()]) { Mismatched = mismatched };
    }

    // A file may have a tied weight under either name, or under both: then they are one if they are equal, and two if not.
    private static void ReadTied(PretrainedModel? model, WeightFiles files, Dictionary<string, string> places, IReadOnlyList<string> prefixes)
    {
        foreach (var (alias, name) in model?.TiedNames ?? new Dictionary<string, string>())
        {
            if (Find(alias, places, prefixes) is not { } place)
                continue;
            if (Find(name, places, prefixes) is not { } source)
                places[name] = places[place];
            else if (!AreEqual(files, places[place], places[source]))
                model!.Untie(alias);
            if (model!.TiedNames.ContainsKey(alias))
                places.Remove(place);
        }
    }

    private static bool AreEqual(WeightFiles files, string one, string other)
    {
        const int Slice = 1 << 24;
        var (first, second) = (files.Entries[one], files.Entries[other]);
        if (first.DType != second.DType || !first.Shape.SequenceEqual(second.Shape))
            return false;
        var length = first.ByteLength;
        for (var start = 0L; start < length; start += Slice)
        {
            var part = (int)Math.Min(Slice, length - start);
            if (!files.GetBytes(one, start, part).SequenceEqual(files.GetBytes(other, start, part)))
                return false;
        }
        return true;
    }

    private static string? Find(string name, Dictionary<string, string> places, IReadOnlyList<string> prefixes) => Spellings(name, prefixes).FirstOrDefault(places.ContainsKey);

    /// <summary>Initialises every parameter as new.</summary>
    public static LoadReport Initialize(PretrainedModel model)
    {
        var all = model.named_parameters().Select(p => p.name).ToList();
        Initialize(model, all.ToHashSet());
        return new LoadReport(all, []);
    }

    // In the order in which blocks were registered, the parts of one before the next, because each draws from the global generator.
    private static void Initialize(PretrainedModel model, HashSet<string> missing)
    {
        using var noGrad = no_grad();
        var deviation = model.Config.GetDouble("initializer_range", model.Config.GetDouble("init_std", 0.02));
        foreach (var (name, child) in model.named_children())
            Initialize(model, child, name, missing, deviation);
    }

    private static void Initialize(PretrainedModel model, nn.Module module, string path, HashSet<string> missing, double deviation)
    {
        foreach (var (name, parameter) in module.named_parameters(false).Where(p => missing.Contains($"{path}.{p.name}")))
        {
            using var scope = NewDisposeScope();
            if (module is Layer layer)
                model.Initialize(path, layer, name, parameter, deviation);
            else
                parameter.zero_();
        }
        foreach (var (name, child) in module.named_children())
            Initialize(model, child, $"{path}.{name}", missing, deviation);
    }

    private static void Copy(WeightFiles files, SafetensorsEntry entry, string name, Tensor parameter)
    {
        if (!entry.Shape.SequenceEqual(parameter.shape))
            throw new InvalidDataException($"{files.FileOf(entry.Name).Path}: the weight '{entry.Name}' has the shape [{string.Join(", ", entry.Shape)}]; the model's '{name}' should be [{string.Join(", ", parameter.shape)}] by its config.json.");
        if (!_types.Contains(entry.DType) || TensorTypes.Of(entry.DType) is not { } type)
            throw new InvalidDataException($"{files.FileOf(entry.Name).Path}: the weight '{entry.Name}' has the type {entry.DType}; weights are one of {string.Join(", ", _types)}.");
        using var noGrad = no_grad();
        using var flat = parameter.view(-1);
        for (var start = 0L; start < flat.shape[0]; start += Slice)
        {
            using var scope = NewDisposeScope();
            var part = flat.narrow(0, start, Math.Min(Slice, flat.shape[0] - start));
            var target = type == part.dtype && part.device_type == DeviceType.CPU ? part : empty(part.shape, type);
            var bytes = target.bytes;
            files.GetBytes(entry.Name, start * target.ElementSize, bytes.Length).CopyTo(bytes);
            if (!ReferenceEquals(target, part))
                part.copy_(target);
        }
    }

    private static IEnumerable<string> Spellings(string name, IReadOnlyList<string> prefixes)
    {
        yield return name;
        var own = prefixes.FirstOrDefault(prefix => name.StartsWith(prefix + ".", StringComparison.Ordinal));
        var bare = own is null ? name : name[(own.Length + 1)..];
        if (own is not null)
            yield return bare;
        foreach (var prefix in prefixes.Where(prefix => prefix != own))
            yield return $"{prefix}.{bare}";
    }

    // Files from before 2019 have the names of TensorFlow's layer norm.
    private static string Modern(string name) => Regex.Replace(Regex.Replace(name, @"\bLayerNorm\.gamma$", "LayerNorm.weight"), @"\bLayerNorm\.beta$", "LayerNorm.bias");
}
