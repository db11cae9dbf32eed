using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Whether training and evaluation compute in bfloat16 where that is safe; the weights stay float32.</summary>
    /// <remarks>Also true where the environment says <c>ACCELERATE_MIXED_PRECISION=bf16</c> and <see cref="Fp16"/> is not set.</remarks>
    public bool Bf16
    {
        get => field || EnvironmentSettings.MixedPrecision == "bf16" && !_fp16;
        set;
    }

    private bool _fp16;

    /// <summary>Whether training and evaluation compute in float16 where that is safe, with a scaled loss; the weights stay float32. On the CPU nothing does, as in the original.</summary>
    /// <remarks>Also true where the environment says <c>ACCELERATE_MIXED_PRECISION=fp16</c> and <see cref="Bf16"/> is not set.</remarks>
    public bool Fp16
    {
        get => _fp16 || EnvironmentSettings.MixedPrecision == "fp16" && !Bf16;
        set => _fp16 = value;
    }

    /// <summary>Whether evaluation outside training is done by a model whose weights are bfloat16.</summary>
    public bool Bf16FullEval { get; set; }

    /// <summary>Whether evaluation outside training is done by a model whose weights are float16.</summary>
    public bool Fp16FullEval { get; set; }

    /// <summary>Whether a GPU multiplies float32 matrices with 10 bits of mantissa; null: as libtorch is set.</summary>
    public bool? Tf32 { get; set; }

    /// <summary>The older name of <see cref="ActivationCheckpointing"/>.</summary>
    [BareValue("true")]
    public bool GradientCheckpointing
    {
        get => ActivationCheckpointing;
        set => ActivationCheckpointing = value;
    }

    /// <summary>The older name of <see cref="ActivationCheckpointingKwargs"/>.</summary>
    public KeywordArguments? GradientCheckpointingKwargs
    {
        get => ActivationCheckpointingKwargs;
        set => ActivationCheckpointingKwargs = value;
    }

    /// <summary>Whether the backward pass computes a layer's inner values again, so that they need not be kept: less memory, more time.</summary>
    [BareValue("true")]
    public bool ActivationCheckpointing { get; set; }

    /// <summary>Settings of <see cref="ActivationCheckpointing"/>: <c>every_n_layers</c>.</summary>
    public KeywordArguments? ActivationCheckpointingKwargs { get; set; }

    /// <summary>What <c>use_cache</c> in the model's configuration is set to, which says whether generation with the model keeps keys and values.</summary>
    public bool UseCache { get; set; }

    /// <summary>The strength of noise on the embeddings in training (NEFTune), usually 5 to 15; null: no noise.</summary>
    public double? NeftuneNoiseAlpha { get; set; }

    /// <summary>Updates between emptyings of the GPU's cache of memory; null: it is not emptied.</summary>
    [NoEffect("TorchSharp cannot empty that cache")]
    public int? TorchEmptyCacheSteps { get; set; }

    /// <summary>
    /// Whether training begins again with 0.9 times the examples a micro-batch where the memory does not suffice. More micro-batches are then accumulated,
    /// so that an update has as many examples as before.
    /// </summary>
    public bool AutoFindBatchSize { get; set; }
}
