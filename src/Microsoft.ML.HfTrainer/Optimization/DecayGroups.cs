using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>
/// Splits the trainable parameters of a model into a group with weight decay and one without: biases and the parameters of normalization layers, recognized by module
/// type and by name. The parameters of each <see cref="ParameterGroupRule"/> are split in the same way, into groups that follow all others.
/// </summary>
internal static partial class DecayGroups
{
    private const string RulesName = nameof(OptimizerSettings.ParameterGroups);

    public static IReadOnlyList<ParameterGroup> Split(nn.Module model, OptimizerSettings settings)
    {
        var inNorms = model.named_modules().Where(m => IsLayerNorm(m.module)).SelectMany(m => m.module.named_parameters(false).Select(p => $"{m.name}.{p.name}")).ToHashSet();
        var trainable = model.named_parameters().Where(p => p.parameter.requires_grad).ToList();
        var patterns = settings.ParameterGroups.Select(Compile).ToArray();
        var byRule = trainable.ToLookup(p => Array.FindIndex(patterns, pattern => pattern.IsMatch(p.name)));
        List<ParameterGroup> groups = [.. Pair(byRule[-1], settings.LearningRate, settings.WeightDecay)];
        foreach (var (index, rule) in settings.ParameterGroups.Index())
        {
            if (!byRule.Contains(index))
                throw NothingMatches(rule, trainable.Select(p => p.name).Where(name => patterns[index].IsMatch(name)));
            groups.AddRange(Pair(byRule[index], rule.LearningRate ?? settings.LearningRate, rule.WeightDecay ?? settings.WeightDecay).Where(g => g.Parameters.Count > 0));
        }
        return groups;

        IEnumerable<ParameterGroup> Pair(IEnumerable<(string name, Parameter parameter)> parameters, double rate, double decay)
        {
            var decayed = parameters.ToLookup(p => !inNorms.Contains(p.name) && !Undecayed().IsMatch(p.name.ToLowerInvariant()));
            return [new ParameterGroup([.. decayed[true]], decay, rate), new ParameterGroup([.. decayed[false]], 0, rate)];
        }
    }

    /// <summary>Checks rules without a model.</summary>
    /// <exception cref="ArgumentException">A rule has a negative value, or a pattern that is not a regular expression.</exception>
    public static void Check(IEnumerable<ParameterGroupRule> rules)
    {
        foreach (var rule in rules)
            Compile(rule);
    }

    private static Regex Compile(ParameterGroupRule rule)
    {
        if (rule.LearningRate is < 0 || rule.WeightDecay is < 0)
            throw new ArgumentException(FormattableString.Invariant($"TrainingArguments.{RulesName} has for '{rule.Pattern}' the learning rate {rule.LearningRate} and the weight decay {rule.WeightDecay}; they should be at least 0, or null."), RulesName);
        try
        {
            return new Regex(rule.Pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException failure)
        {
            throw new ArgumentException($"TrainingArguments.{RulesName} has the pattern '{rule.Pattern}', which is not a regular expression: {failure.Message}", RulesName, failure);
        }
    }

    private static ArgumentException NothingMatches(ParameterGroupRule rule, IEnumerable<string> taken) => new(
        $"TrainingArguments.{RulesName} has the pattern '{rule.Pattern}', which " +
        (taken.FirstOrDefault() is { } name
            ? $"matches only parameters that an earlier pattern takes, such as '{name}'; put it before that pattern."
            : "matches the name of no trainable parameter."),
        RulesName);

    private static bool IsLayerNorm(nn.Module module) => module is Models.Layers.LayerNorm or LayerNorm;

    [GeneratedRegex(@"bias|layernorm|rmsnorm|(^|\.)norm($|\.)|_norm($|\.)")]
    private static partial Regex Undecayed();
}
