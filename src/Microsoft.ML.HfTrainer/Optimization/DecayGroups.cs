using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>Splits a model's trainable parameters into those that weight decay touches and those that it leaves: biases and norms, by module type and by name.</summary>
internal static partial class DecayGroups
{
    public static IReadOnlyList<ParameterGroup> Split(nn.Module model, TrainingArguments arguments)
    {
        var inNorms = model.named_modules().Where(m => IsLayerNorm(m.module)).SelectMany(m => m.module.named_parameters(false).Select(p => $"{m.name}.{p.name}")).ToHashSet();
        var trainable = model.named_parameters().Where(p => p.parameter.requires_grad).ToLookup(p => !inNorms.Contains(p.name) && !Undecayed().IsMatch(p.name.ToLowerInvariant()));
        return
        [
            new ParameterGroup([.. trainable[true]], arguments.WeightDecay, arguments.LearningRate),
            new ParameterGroup([.. trainable[false]], 0, arguments.LearningRate),
        ];
    }

    private static bool IsLayerNorm(nn.Module module) => module is Models.Layers.LayerNorm or LayerNorm;

    [GeneratedRegex(@"bias|layernorm|rmsnorm|(^|\.)norm($|\.)|_norm($|\.)")]
    private static partial Regex Undecayed();
}
