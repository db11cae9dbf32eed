namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the implementation of an optimizer step. The results differ only by rounding.</summary>
public enum OptimizerForm
{
    /// <summary>One kernel updates all parameters of a group in a single pass.</summary>
    Fused,

    /// <summary>Each operator is applied to all parameters of a group before the next one.</summary>
    Foreach,

    /// <summary>The parameters are updated one after another.</summary>
    Plain,
}
