using System.Reflection;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Parameters and states after each step of an optimizer, and clipped gradients, against those of the original.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenOptimizers
{
    private static string Folder => Path.Combine(GoldenFolder.Path, "trainer", "optimizers");

    public static IEnumerable<object[]> Rows => Read("cases").Select(c => new object[] { c.GetProperty("name").GetString()! });

    public static IEnumerable<object[]> ClipRows => Read("clip").Select((_, index) => new object[] { index });

    public static string RowName(MethodInfo method, object[] row) => $"{(method.Name == nameof(Clips) ? "clip" : "optimizer")} {row[0]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/optimizers", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name)
    {
        var golden = Read("cases").Single(c => c.GetProperty("name").GetString() == name);
        var (inputs, expected, differences) = (GoldenTensor.ReadAll(Path.Combine(Folder, "inputs.safetensors")), GoldenTensor.ReadAll(Path.Combine(Folder, golden.GetProperty("file").GetString()!)), new Differences());
        using var scope = NewDisposeScope();
        var parameters = inputs.Where(i => i.Key.StartsWith("start.", StringComparison.Ordinal)).ToDictionary(i => i.Key["start.".Length..], i => new Parameter(Make(i.Value)));
        using var optimizer = GoldenOptimizer.Make(golden, parameters);
        var steps = Document().GetProperty("steps").GetInt32();
        for (var step = 1; step <= steps; step++)
        {
            foreach (var (parameter, value) in parameters)
                value.grad = HasGradient(parameter, step) ? Make(inputs[$"grad.{step}.{parameter}"]) : null;
            if (golden.GetProperty("lr_factor_per_step") is { ValueKind: JsonValueKind.Array } factors)
                foreach (var group in optimizer.Groups)
                    group.LearningRate = golden.GetProperty("learning_rate").GetDouble() * factors[step - 1].GetDouble();
            optimizer.Step();
            Compare(golden, expected, step, parameters, optimizer.State().ToDictionary(s => s.Name, s => s.Tensor), differences);
        }
        differences.AssertNone();
    }

    [TestMethod]
    [DynamicData(nameof(ClipRows), DynamicDataDisplayName = nameof(RowName))]
    public void Clips(int index)
    {
        var (golden, inputs, differences) = (Read("clip").ElementAt(index), GoldenTensor.ReadAll(Path.Combine(Folder, "inputs.safetensors")), new Differences());
        var step = golden.GetProperty("grad_step").GetInt32();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. Read("parameter_order").Select(p => p.GetString()!).Where(p => HasGradient(p, step)).Select(p => Make(inputs[$"grad.{step}.{p}"]))];
        var norm = GradientClipping.Clip(gradients, golden.GetProperty("max_grad_norm").GetDouble(), new SingleProcess())!;
        differences.Number("total_norm", golden.GetProperty("total_norm").GetDouble(), norm.item<float>(), 1e-6, 1e-5);
        using var first = GoldenTensor.FromJson(golden.GetProperty("first_parameter_clipped"));
        differences.Tensor("first_parameter_clipped", GoldenTensor.Of(first), gradients[0].reshape(first.shape), 1e-6, 1e-5);
        differences.AssertNone();
    }

    private static void Compare(JsonElement golden, IReadOnlyDictionary<string, GoldenTensor> expected, int step, Dictionary<string, Parameter> parameters, Dictionary<string, Tensor> states, Differences differences)
    {
        foreach (var (name, parameter) in parameters)
            Near($"param.{step}.{name}", expected[$"param.{step}.{name}"], parameter);
        foreach (var key in expected.Keys.Where(k => k.StartsWith($"state.{step}.", StringComparison.Ordinal)))
        {
            if (states.TryGetValue(key[$"state.{step}.".Length..], out var state))
                Near(key, expected[key], state);
            else
                differences.Same(key, "there", "absent");
        }
        foreach (var scalar in golden.GetProperty("scalar_state").EnumerateObject())
        {
            if (scalar.Value[step - 1].ValueKind == JsonValueKind.Null)
                differences.Same($"{scalar.Name} at step {step}", false, states.ContainsKey(scalar.Name));
            else
                differences.Number($"{scalar.Name} at step {step}", scalar.Value[step - 1].GetDouble(), GoldenTensor.Of(states[scalar.Name]).Values[0], 1e-6, 1e-5);
        }

        void Near(string name, GoldenTensor should, Tensor was) => differences.Tensor(name, should, was, 1e-6 + 1e-5 * should.Values.Max(Math.Abs));
    }

    private static bool HasGradient(string parameter, int step) =>
        !Document().GetProperty("parameters_without_gradient").TryGetProperty(step.ToString(), out var without) || without.EnumerateArray().All(p => p.GetString() != parameter);

    private static Tensor Make(GoldenTensor golden) => tensor(golden.Values).reshape([.. golden.Shape]);

    private static IEnumerable<JsonElement> Read(string field) => File.Exists(Path.Combine(Folder, "optimizers.json")) ? Document().GetProperty(field).EnumerateArray() : [];

    private static JsonElement Document()
    {
        using var document = GoldenFolder.ReadJson(Path.Combine(Folder, "optimizers.json"));
        return document.RootElement.Clone();
    }
}
