using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>
/// Splits a model's trainable parameters into those that weight decay touches and those that it leaves: biases and norms, by module type and by name. So do
/// the parameters of each of <see cref="TrainingArguments.ParameterGroups"/>, after all others.
/// </summary>
internal static partial class DecayGroups
{
    public static IReadOnlyList<ParameterGroup> Split(nn.Module model, TrainingArguments arguments)
    {
        var inNorms = model.named_modules().Where(m => IsLayerNorm(m.module)).SelectMany(m => m.module.named_parameters(false).Select(p => $"{m.name}.{p.name}")).ToHashSet();
        var trainable = model.named_parameters().Where(p => p.parameter.requires_grad).ToList();
        var patterns = arguments.ParameterGroups.Select(Compile).ToArray();
        var byRule = trainable.ToLookup(p => Array.FindIndex(patterns, pattern => pattern.IsMatch(p.name)));
        List<ParameterGroup> groups = [.. Pair(byRule[-1], arguments.LearningRate, arguments.WeightDecay)];
        foreach (var (index, rule) in arguments.ParameterGroups.Index())
        {
            if (!byRule.Contains(index))
                throw NothingMatches(rule, trainable.Select(p => p.name).Where(name => patterns[index].IsMatch(name)));
            groups.AddRange(Pair(byRule[index], rule.LearningRate ?? arguments.LearningRate, rule.WeightDecay ?? arguments.WeightDecay).Where(g => g.Parameters.Count > 0));
        }
        return groups;

        IEnumerable<ParameterGroup> Pair(IEnumerable<(string name, Parameter parameter)> parameters, double rate, double decay)
        {
            var decayed = parameters.ToLookup(p => !inNorms.Contains(p.name) && !Undecayed().IsMatch(p.name.ToLowerInvariant()));
            return [new ParameterGroup([.. decayed[true]], decay, rate), new ParameterGroup([.. decayed[false]], 0, rate)];
        }
    }

    /// <summary>Checks the rules by themselves.</summary>
    public static void Check(TrainingArguments arguments)
    {
        foreach (var rule in arguments.ParameterGroups)
            Compile(rule);
    }

    private static Regex Compile(ParameterGroupRule rule)
    {
        if (rule.LearningRate is < 0 || rule.WeightDecay is < 0)
            throw new ArgumentException(FormattableString.Invariant($"TrainingArguments.{nameof(TrainingArguments.ParameterGroups)} has for '{rule.Pattern}' the learning rate {rule.LearningRate} and the weight decay {rule.WeightDecay}; they should be from 0 up, or null."), nameof(TrainingArguments.ParameterGroups));
        try
        {
            return new Regex(rule.Pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException failure)
        {
            throw new ArgumentException($"TrainingArguments.{nameof(TrainingArguments.ParameterGroups)} has the pattern '{rule.Pattern}', which is no regular expression: {failure.Message}", nameof(TrainingArguments.ParameterGroups), failure);
        }
    }

    private static ArgumentException NothingMatches(ParameterGroupRule rule, IEnumerable<string> taken) => new(
        $"TrainingArguments.{nameof(TrainingArguments.ParameterGroups)} has the pattern '{rule.Pattern}', which is " +
        (taken.FirstOrDefault() is { } name ? $"found only in names that an earlier pattern takes, such as '{name}'; put it before that one." : "in no trainable parameter's name."),
        nameof(TrainingArguments.ParameterGroups));

    private static bool IsLayerNorm(nn.Module module) => module is Models.Layers.LayerNorm or LayerNorm;

    [GeneratedRegex(@"bias|layernorm|rmsnorm|(^|\.)norm($|\.)|_norm($|\.)")]
    private static partial Regex Undecayed();
}
