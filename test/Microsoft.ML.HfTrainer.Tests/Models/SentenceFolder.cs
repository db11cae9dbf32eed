using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Makes folders as sentence-transformers writes them, of a model folder.</summary>
internal static class SentenceFolder
{
    private const string Old = "sentence_transformers.models.";

    /// <summary>Puts a list of modules into a folder, with the configurations given.</summary>
    /// <param name="folder">The folder, with the model's files or without.</param>
    /// <param name="modules">The classes of the modules and their configurations; the first is the model.</param>
    public static void Write(string folder, params (string Type, string Configuration)[] modules)
    {
        var list = new JsonArray();
        foreach (var (index, (type, configuration)) in modules.Index())
        {
            var path = index == 0 ? "" : $"{index}_{type.Split('.')[^1]}";
            list.Add(new JsonObject { ["idx"] = index, ["name"] = $"{index}", ["path"] = path, ["type"] = type.Contains('.') ? type : Old + type });
            Directory.CreateDirectory(Path.Combine(folder, path));
            if (index > 0 && configuration.Length > 0)
                File.WriteAllText(Path.Combine(folder, path, "config.json"), configuration);
        }
        File.WriteAllText(Path.Combine(folder, "modules.json"), list.ToJsonString());
    }

    /// <summary>A copy of a model's folder.</summary>
    public static string Copy(string model, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(model).Where(f => Path.GetFileName(f) is "config.json" or "model.safetensors" or "generation_config.json"))
            // A copy of a file that is read-only is too, and Windows does not delete it.
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
        return folder;
    }

    /// <summary>A configuration of pooling with flags.</summary>
    public static string Pooling(int size, params string[] modes)
    {
        var fields = new JsonObject { ["word_embedding_dimension"] = size };
        foreach (var mode in new[] { "cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken" })
            fields[$"pooling_mode_{mode}"] = modes.Contains(mode);
        return fields.ToJsonString();
    }

    /// <summary>A configuration of a dense layer.</summary>
    public static string Dense(int inputs, int outputs, string activation = "torch.nn.modules.activation.Tanh", bool residual = false)
    {
        var fields = new JsonObject { ["in_features"] = inputs, ["out_features"] = outputs, ["bias"] = true, ["activation_function"] = activation };
        if (residual)
            fields["use_residual"] = true;
        return fields.ToJsonString();
    }

    /// <summary>Writes weights of a dense layer, drawn from a seed.</summary>
    public static void WriteDense(string folder, int inputs, int outputs, bool residual = false)
    {
        var random = new Random(7);
        List<SafetensorsTensor> tensors = [Draw("linear.weight", outputs, inputs), Draw("linear.bias", outputs)];
        if (residual && inputs != outputs)
            tensors.Add(Draw("residual.weight", outputs, inputs));
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);

        SafetensorsTensor Draw(string name, params long[] shape)
        {
            var numbers = new float[shape.Aggregate(1L, (product, d) => product * d)];
            foreach (ref var number in numbers.AsSpan())
                number = (float)(random.NextDouble() - 0.5);
            return new SafetensorsTensor(name, SafetensorsDType.F32, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());
        }
    }
}
