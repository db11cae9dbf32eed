namespace Microsoft.ML.HfTrainer.Models;

/// <summary>The names of problem types in a configuration.</summary>
internal static class ProblemTypes
{
    private static readonly (ProblemType Type, string Name)[] _names =
    [
        (ProblemType.SingleLabelClassification, "single_label_classification"),
        (ProblemType.MultiLabelClassification, "multi_label_classification"),
        (ProblemType.Regression, "regression"),
    ];

    public static string NameOf(ProblemType type) => _names.First(n => n.Type == type).Name;

    public static ProblemType? Parse(PretrainedConfig config, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        foreach (var known in _names)
            if (known.Name == name)
                return known.Type;
        throw config.Error("problem_type", $"is \"{name}\"", $"one of {string.Join(", ", _names.Select(n => n.Name))}");
    }
}
