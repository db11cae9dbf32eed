namespace Microsoft.ML.HfTrainer;

/// <summary>How an optimizer computes a step. The numbers agree but for rounding.</summary>
public enum OptimizerForm
{
    /// <summary>One kernel goes once over all parameters of a group.</summary>
    Fused,

    /// <summary>One operator after the other, each over all parameters of a group.</summary>
    Foreach,

    /// <summary>One parameter after the other.</summary>
    Plain,
}
