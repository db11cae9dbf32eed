using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats.Pickle;
using Microsoft.ML.HfTrainer.Formats.Torch;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Reads the states of optimizer, schedule and random numbers of a checkpoint that the Hugging Face Trainer wrote.</summary>
internal static class PythonProgress
{
    public const string OptimizerName = "optimizer.pt", SchedulerName = "scheduler.pt", RandomName = "rng_state.pth", ScalerName = "scaler.pt";

    /// <summary>Reads the states of optimizer and schedule; returns null if one of the files is missing, as the Hugging Face Trainer does.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, uses names that are not allowed, or is for different parameters.</exception>
    public static SavedProgress? Read(string folder, Optimizer optimizer)
    {
        string Of(string name) => Path.Combine(folder, name);
        if (!File.Exists(Of(OptimizerName)) || !File.Exists(Of(SchedulerName)))
            return null;
        using var optimizerFile = TorchFile.Open(Of(OptimizerName));
        return new SavedProgress(
            ReadOptimizer(optimizerFile, optimizer.Groups.Select(g => (IReadOnlyList<string>)[.. g.Parameters.Select(p => p.Name)]).ToList()), ReadObject(Of(SchedulerName)),
            File.Exists(Of(ScalerName)) ? ReadObject(Of(ScalerName)) : null);
    }

    /// <summary>Reads the states of the random number generators of the CPU and of the GPUs; returns null if the checkpoint has none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or has no state of the CPU's generator.</exception>
    public static GeneratorStates? ReadGenerators(string folder)
    {
        var path = Path.Combine(folder, RandomName);
        if (!File.Exists(path))
            return null;
        using var file = TorchFile.Open(path);
        var states = new List<KeyValuePair<string, byte[]>>();
        void Add(string name, object? value)
        {
            if (value is TorchTensor { DType: SafetensorsDType.U8, Count: < 1 << 20 } state)
                states.Add(KeyValuePair.Create(name, file.GetBytes(state, 0, (int)state.Count).ToArray()));
        }
        var root = file.Root as PickleDictionary;
        Add("cpu", root?["cpu"]);
        if (states.Count == 0)
            throw new InvalidDataException($"{path}: it holds no state of the CPU's generator under 'cpu'.");
        // That of one GPU, or a list of those of all.
        Add("cuda", root?["cuda"]);
        foreach (var (index, state) in (root?["cuda"] as List<object?> ?? []).Index())
            Add($"cuda:{index}", state);
        return GeneratorStates.From(states);
    }

    /// <summary>Reads the state of the optimizer by parameter names; the file numbers the parameters group by group.</summary>
    /// <param name="file">An <c>optimizer.pt</c>.</param>
    /// <param name="groups">The names of the parameters of each group.</param>
    public static StateTensors ReadOptimizer(TorchFile file, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        if (file.Root is not PickleDictionary root || root["state"] is not PickleDictionary state || root["param_groups"] is not List<object?> saved)
            throw new InvalidDataException($"{file.Path}: it is no state of an optimizer; one is a dictionary with 'state' and 'param_groups'.");
        var names = Names(file.Path, saved, groups);
        var tensors = new StateTensors();
        try
        {
            foreach (var (key, value) in state.Items)
            {
                if (key is not long index || !names.TryGetValue(index, out var name) || value is not PickleDictionary entries)
                    throw new InvalidDataException($"{file.Path}: the state of parameter '{key}' belongs to no parameter of its groups.");
                foreach (var (entry, item) in entries.Items)
                    Add(tensors, file, $"{name}.{entry}", item);
            }
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    private static Dictionary<long, string> Names(string path, List<object?> saved, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        var indices = saved.ConvertAll(g => (g as PickleDictionary)?["params"] as List<object?> ?? throw new InvalidDataException($"{path}: a parameter group has no list 'params'."));
        if (!indices.Select(i => i.Count).SequenceEqual(groups.Select(g => g.Count)))
            throw new InvalidDataException($"{path}: its parameter groups have {string.Join(" and ", indices.Select(i => i.Count))} parameters; the optimizer's have {string.Join(" and ", groups.Select(g => g.Count))}. Model, frozen parameters and optimizer have to be the same.");
        var names = new Dictionary<long, string>();
        foreach (var (index, name) in indices.SelectMany(i => i).Zip(groups.SelectMany(g => g)))
            if (index is not long number || !names.TryAdd(number, name))
                throw new InvalidDataException($"{path}: '{index}' stands twice in its parameter groups, or is no index.");
        return names;
    }

    // Some optimizers keep plain numbers; None stands for a state that was not created yet.
    private static void Add(StateTensors tensors, TorchFile file, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case TorchTensor tensor:
                tensors.Add(file.Path, name, tensor.DType, tensor.Shape, (start, length) => file.GetBytes(tensor, start, length));
                break;
            case long or double:
                var number = Convert.ToSingle(value, CultureInfo.InvariantCulture);
                tensors.Add(file.Path, name, SafetensorsDType.F32, [], (start, length) => MemoryMarshal.AsBytes(new ReadOnlySpan<float>([number])).Slice((int)start, length));
                break;
            default:
                throw new InvalidDataException($"{file.Path}: '{name}' is a value of the kind {value.GetType().Name}; a state is a tensor or a number.");
        }
    }

    private static JsonObject ReadObject(string path)
    {
        using var file = TorchFile.Open(path);
        return PickleJson.Of(file.Root) as JsonObject ?? throw new InvalidDataException($"{path}: it holds no dictionary.");
    }
}
