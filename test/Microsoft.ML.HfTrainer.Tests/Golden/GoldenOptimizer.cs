using System.Reflection;
using System.Text.Json;
using TorchSharp.Modules;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The optimizer of a golden case: by the Trainer's name and arguments, or where it has no such name by its class and constructor.</summary>
internal static class GoldenOptimizer
{
    public static Optimizer Make(JsonElement golden, IReadOnlyDictionary<string, Parameter> parameters)
    {
        var rate = golden.GetProperty("learning_rate") is { ValueKind: JsonValueKind.Number } given ? given.GetDouble() : 0;
        ParameterGroup[] groups =
        [
            .. golden.GetProperty("groups").EnumerateArray().Select(g => new ParameterGroup(
                [.. g.GetProperty("params").EnumerateArray().Select(p => (p.GetString()!, parameters[p.GetString()!]))], g.GetProperty("weight_decay").GetDouble(), rate)),
        ];
        var arguments = golden.GetProperty("arguments").EnumerateObject().Where(a => a.Name is not ("lr" or "weight_decay") && a.Value.ValueKind != JsonValueKind.Null).ToList();
        return golden.GetProperty("optim").GetString() is { } optim ? ByName(optim, groups, arguments) : ByClass(golden.GetProperty("class").GetString()!, groups, arguments);
    }

    private static Optimizer ByName(string optim, ParameterGroup[] groups, List<JsonProperty> given)
    {
        if (!Optimizers.Names.Contains(optim))
            GoldenFolder.Skip($"optimizer '{optim}' is not registered");
        var (arguments, options) = (new TrainingArguments { Optim = optim }, new List<string>());
        foreach (var (name, value) in given.SelectMany(Scalars))
        {
            switch (name)
            {
                case "beta1" when optim.StartsWith("adam"): arguments.AdamBeta1 = value.GetDouble(); break;
                case "beta2" when optim.StartsWith("adam"): arguments.AdamBeta2 = value.GetDouble(); break;
                case "eps" when optim.StartsWith("adam"): arguments.AdamEpsilon = value.GetDouble(); break;
                default: options.Add($"{name}={value}"); break;
            }
        }
        arguments.OptimArgs = string.Join(", ", options);
        return Optimizers.Get(optim)(arguments.ToOptimizerSettings(), groups);
    }

    private static Optimizer ByClass(string name, ParameterGroup[] groups, List<JsonProperty> given)
    {
        var type = typeof(Optimizer).Assembly.GetExportedTypes().FirstOrDefault(t => t.Name == name && t.IsSubclassOf(typeof(Optimizer)));
        if (type is null)
            GoldenFolder.Skip($"optimizer class '{name}'");
        var constructor = type.GetConstructors().Single();
        var values = constructor.GetParameters().ToDictionary(p => p.Name!, p => p.HasDefaultValue ? p.DefaultValue : groups);
        foreach (var (argument, value) in given.SelectMany(Scalars))
        {
            var (parameter, converted) = Convert(argument, value);
            if (!values.ContainsKey(parameter))
                GoldenFolder.Skip($"argument '{argument}' of the optimizer class '{name}'");
            values[parameter] = converted;
        }
        return (Optimizer)constructor.Invoke([.. constructor.GetParameters().Select(p => values[p.Name!])]);
    }

    // betas = (x, y) is beta1 = x, beta2 = y.
    private static IEnumerable<(string Name, JsonElement Value)> Scalars(JsonProperty argument) => argument.Value.ValueKind == JsonValueKind.Array
        ? argument.Value.EnumerateArray().Select((value, i) => ($"{(argument.Name == "betas" ? "beta" : argument.Name)}{i + 1}", value))
        : [(argument.Name, argument.Value)];

    private static (string Parameter, object Value) Convert(string argument, JsonElement value) => argument switch
    {
        "fused" => ("form", value.GetBoolean() ? OptimizerForm.Fused : OptimizerForm.Plain),
        "foreach" => ("form", value.GetBoolean() ? OptimizerForm.Foreach : OptimizerForm.Plain),
        _ => (CamelCase(argument.Replace("eps", "epsilon")), value.ValueKind == JsonValueKind.Number ? value.GetDouble() : value.GetBoolean()),
    };

    private static string CamelCase(string snake) => string.Concat(snake.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
