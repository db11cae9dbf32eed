using Microsoft.ML.HfTrainer.Precision;
using Microsoft.ML.HfTrainer.Training.Arguments;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Indicates whether training and evaluation use bfloat16 mixed precision; the weights stay in float32. Default: false.</summary>
    /// <remarks>Also true if the environment variable <c>ACCELERATE_MIXED_PRECISION</c> is <c>bf16</c> and <see cref="Fp16"/> is not set.</remarks>
    public bool Bf16
    {
        get => field || EnvironmentSettings.MixedPrecision == "bf16" && !_fp16;
        set;
    }

    private bool _fp16;

    /// <summary>
    /// Indicates whether training and evaluation on a GPU use float16 mixed precision with loss scaling; the weights stay in float32. Ignored on the CPU, as in
    /// Hugging Face. Default: false.
    /// </summary>
    /// <remarks>Also true if the environment variable <c>ACCELERATE_MIXED_PRECISION</c> is <c>fp16</c> and <see cref="Bf16"/> is not set.</remarks>
    public bool Fp16
    {
        get => _fp16 || EnvironmentSettings.MixedPrecision == "fp16" && !Bf16;
        set => _fp16 = value;
    }

    /// <summary>Indicates whether evaluation and prediction outside training run with weights in bfloat16. Default: false.</summary>
    public bool Bf16FullEval { get; set; }

    /// <summary>Indicates whether evaluation and prediction outside training run with weights in float16. Default: false.</summary>
    public bool Fp16FullEval { get; set; }

    /// <summary>Indicates whether a GPU multiplies float32 matrices in TF32 (10 bits of mantissa). If null, the current setting of libtorch. Default: null.</summary>
    public bool? Tf32 { get; set; }

    /// <summary>The older name of <see cref="ActivationCheckpointing"/>. Default: false.</summary>
    [BareValue("true")]
    public bool GradientCheckpointing
    {
        get => ActivationCheckpointing;
        set => ActivationCheckpointing = value;
    }

    /// <summary>The older name of <see cref="ActivationCheckpointingKwargs"/>. Default: null.</summary>
    public KeywordArguments? GradientCheckpointingKwargs
    {
        get => ActivationCheckpointingKwargs;
        set => ActivationCheckpointingKwargs = value;
    }

    /// <summary>
    /// Indicates whether activations within a layer are recomputed in the backward pass instead of kept, which saves memory and takes more time. Default:
    /// false.
    /// </summary>
    [BareValue("true")]
    public bool ActivationCheckpointing { get; set; }

    /// <summary>Options of <see cref="ActivationCheckpointing"/>: <c>every_n_layers</c> restricts it to every n-th layer. Default: null.</summary>
    public KeywordArguments? ActivationCheckpointingKwargs { get; set; }

    /// <summary>Value of <c>use_cache</c> in the configuration of the trained model: whether generation caches keys and values. Default: false.</summary>
    public bool UseCache { get; set; }

    /// <summary>Magnitude of the noise added to the embeddings in training (NEFTune), usually 5 to 15. If null, no noise is added. Default: null.</summary>
    public double? NeftuneNoiseAlpha { get; set; }

    /// <summary>
    /// Number of updates after which the memory cache of the GPU is emptied. If null, never. Default: null. No effect: TorchSharp has no function to empty the
    /// cache.
    /// </summary>
    [NoEffect("TorchSharp has no function to empty the cache")]
    public int? TorchEmptyCacheSteps { get; set; }

    /// <summary>
    /// Indicates whether an update that runs out of memory is repeated with smaller micro-batches, by a factor of 0.9 at a time. More micro-batches are then
    /// accumulated, so that each update keeps its number of examples. Default: false.
    /// </summary>
    public bool AutoFindBatchSize { get; set; }

    /// <summary>Returns the numeric settings of a run.</summary>
    internal PrecisionSettings ToPrecisionSettings() => new()
    {
        ComputeType = Bf16 ? ScalarType.BFloat16 : Fp16 ? ScalarType.Float16 : null,
        EvaluationType = Bf16FullEval ? ScalarType.BFloat16 : Fp16FullEval ? ScalarType.Float16 : null,
        TensorFloat32 = Tf32,
        Deterministic = FullDeterminism,
    };
}
