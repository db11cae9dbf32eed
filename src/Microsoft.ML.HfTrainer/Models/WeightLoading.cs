using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Matches the weights of a model with those of files by name. Weights load and initialize themselves.</summary>
internal static class WeightLoading
{
    /// <summary>Loads every weight that the model has, converted to the type of its parameter, and initializes those that the files lack.</summary>
    /// <param name="model">The model.</param>
    /// <param name="files">The weights.</param>
    /// <param name="newHead">true to initialize weights of the head whose shapes differ from the file's.</param>
    /// <exception cref="InvalidDataException">A weight has another shape than its parameter, or a type that cannot be converted.</exception>
    public static LoadReport Load(PretrainedModel model, WeightFiles files, bool newHead = false)
    {
        var report = Fill(model, files, model.Architecture.Prefixes, newHead ? model.IsOfHead : _ => false);
        Initialize(model, report.Missing.Concat(report.Mismatched.Select(m => m.Name)).ToHashSet());
        var optional = model.OptionalNames();
        return report with { Missing = [.. report.Missing.Where(name => !optional.Contains(name))] };
    }

    /// <summary>Loads every weight that the model has; what the files lack keeps its values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="files">The weights.</param>
    /// <param name="prefixes">The prefixes that names may have in the files and not in the model, and the other way round. If null, names are the same.</param>
    /// <param name="mayBeNew">Returns true for weights that keep their values if the file's have another shape; for others that is an error.</param>
    public static LoadReport Fill(nn.Module model, WeightFiles files, IReadOnlyList<string>? prefixes = null, Func<string, bool>? mayBeNew = null)
    {
        prefixes ??= [];
        var places = WrittenNames.Of(files.Entries.Keys, names => PlacedWeight.EveryNameOf(model).Count(placed => Find(placed.Name, names, prefixes) is not null));
        foreach (var (name, stored) in (model as PretrainedModel)?.Architecture.FileNames ?? [])
            if (places.Remove(stored, out var place))
                places.TryAdd(name, place);
        ReadTied(model as PretrainedModel, files, places, prefixes);
        var every = PlacedWeight.EveryNameOf(model).ToList();
        var aliases = files.Aliases.ToDictionary();
        var (absent, loaded, mismatched) = (new List<PlacedWeight>(), new List<Tensor>(), new List<MismatchedWeight>());
        foreach (var placed in every)
        {
            var found = Find(placed.Name, places, prefixes) is { } place ? places.Remove(place, out var stored) ? stored : null : aliases.GetValueOrDefault(placed.Name);
            if (found is null)
            {
                absent.Add(placed);
                continue;
            }
            loaded.Add(placed.Weight.Values);
            var source = new StoredWeight(files, files.Entries[found], placed.Name);
            if (mayBeNew?.Invoke(placed.Name) == true && !source.Shape.SequenceEqual(placed.Weight.Shape))
                mismatched.Add(new MismatchedWeight(placed.Name, source.Shape, placed.Weight.Shape));
            else
                placed.Weight.Load(source);
        }
        // A weight of several names is filled under any of them.
        var missing = absent.Where(w => !w.Weight.IsBuffer && !loaded.Exists(values => SharedMemory.IsSame(values, w.Weight.Values)))
            .DistinctBy(w => w.Weight.Values, ReferenceEqualityComparer.Instance).Select(w => w.Name).ToList();
        RefuseForeign(model as PretrainedModel, files, every.FindAll(placed => !placed.Weight.IsBuffer), absent);
        return new LoadReport(missing, [.. places.Values.Concat(files.Others).Order()]) { Mismatched = mismatched };
    }

    // Weights of another architecture, or under other names, would leave a model whose whole body is new.
    private static void RefuseForeign(PretrainedModel? pretrained, WeightFiles files, List<PlacedWeight> weights, List<PlacedWeight> absent)
    {
        var body = weights.FindAll(placed => pretrained?.IsOfHead(placed.Name) != true);
        var needed = (body.Count > 0 ? body : weights).ConvertAll(placed => placed.Name);
        if (needed.Count == 0 || needed.Except(absent.Select(placed => placed.Name)).Any())
            return;
        throw new InvalidDataException($"{files.Path}: none of its {files.Entries.Count} weights belongs to the model{(pretrained is null ? "" : $", which is of the type {pretrained.Architecture.ModelType}")}. "
            + $"The file has {Some([.. files.Names.Concat(files.Others)])}; the model has {Some(needed)}. The names should be the same but for a prefix.");
    }

    private static string Some(List<string> names) => names.Count == 0 ? "no weight" : string.Join(", ", names.Take(3).Select(name => $"'{name}'")) + (names.Count > 3 ? $" and {names.Count - 3} others" : "");

    // A file may have a tied weight under either name, or under both: then it is one weight if they are equal, and two if not.
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

    /// <summary>Initializes every parameter.</summary>
    public static LoadReport Initialize(PretrainedModel model)
    {
        var all = model.named_parameters().Select(p => p.name).ToList();
        Initialize(model, all.ToHashSet());
        return new LoadReport(all, []);
    }

    // In the order of registration, because each weight is drawn from the global generator. What is no block of this library keeps the values that its constructor gave it.
    private static void Initialize(PretrainedModel model, HashSet<string> missing)
    {
        using var noGrad = no_grad();
        var deviation = model.Config.GetDouble("initializer_range", model.Config.GetDouble("init_std", 0.02));
        foreach (var placed in PlacedWeight.AllOf(model).Where(p => missing.Contains(p.Name)))
        {
            using var scope = NewDisposeScope();
            if (placed.Module is Layer layer)
                placed.Weight.Initialize(values => model.Initialize(placed.Path, layer, placed.Weight.Name, values, deviation));
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
}
