using Microsoft.ML.HfTrainer.Precision;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Extracts from the arguments the settings that other parts of the library take.</summary>
internal static class TrainingSettings
{
    public static PrecisionSettings PrecisionSettings(this TrainingArguments args) => new()
    {
        ComputeType = args.Bf16 ? ScalarType.BFloat16 : args.Fp16 ? ScalarType.Float16 : null,
        EvaluationType = args.Bf16FullEval ? ScalarType.BFloat16 : args.Fp16FullEval ? ScalarType.Float16 : null,
        TensorFloat32 = args.Tf32,
        Deterministic = args.FullDeterminism,
    };
}
