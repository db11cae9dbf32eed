using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>The numeric settings of a run.</summary>
internal sealed record PrecisionSettings
{
    /// <summary>The type that autocast computes in, bfloat16 or float16; null to compute in the type of the weights.</summary>
    public ScalarType? ComputeType { get; init; }

    /// <summary>The type that the weights are cast to for evaluation outside training; null to leave them as they are.</summary>
    public ScalarType? EvaluationType { get; init; }

    /// <summary>true to multiply float32 matrices in TF32 on a GPU, false not to; null to leave libtorch's setting.</summary>
    public bool? TensorFloat32 { get; init; }

    /// <summary>true to train with deterministic algorithms.</summary>
    public bool Deterministic { get; init; }
}
