using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Rotary position embedding (Su et al. 2021, arXiv:2104.09864): queries and keys are rotated by angles that grow with the position, so that their products depend on
/// relative positions alone. Element <c>i</c> of the first half of a head is rotated with element <c>i</c> of the second half.
/// </summary>
public sealed class RotaryEmbedding
{
    private readonly RotaryFrequencies _frequencies;

    private RotaryEmbedding(RotaryFrequencies frequencies) => _frequencies = frequencies;

    /// <summary>Creates the rotary embedding that a configuration describes, in <c>rope_parameters</c> or in the older fields <c>rope_theta</c> and <c>rope_scaling</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="headSize">The size of a head.</param>
    /// <param name="partialFactor">The fraction of each head that is rotated, if the configuration does not have it. Default: 1.</param>
    public static RotaryEmbedding FromConfig(PretrainedConfig config, int headSize, double partialFactor = 1) =>
        FromConfig(config, config.Section("rope_scaling") ?? config.Section("rope_parameters"), headSize, config.GetDouble("rope_theta", 10_000), partialFactor);

    /// <summary>Creates the rotary embedding that one of several sections of a configuration describes.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="section">The section with fields such as <c>rope_type</c> and <c>factor</c>. If null, nothing is scaled.</param>
    /// <param name="headSize">The size of a head.</param>
    /// <param name="theta">The base of the wavelengths, if the section does not have it.</param>
    /// <param name="partialFactor">The fraction of each head that is rotated, if the configuration does not have it. Default: 1.</param>
    public static RotaryEmbedding FromConfig(PretrainedConfig config, JsonFields? section, int headSize, double theta, double partialFactor = 1) =>
        new(RotaryScaling.Frequencies(config, section, headSize, theta, partialFactor));

    /// <summary>Returns the rotation at the positions of a batch, for tensors of a type. All layers of a forward pass share it.</summary>
    public RotaryRotation At(TokenLayout layout, ScalarType type) => new(layout.Share((this, type), () => CosinesAndSines(layout.Positions, type)));

    // The angles are computed in float32 whatever the type of the model is: 16 bits do not represent large positions exactly.
    private Tensor CosinesAndSines(Tensor positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var frequencies = tensor(_frequencies.Of(positions), device: positions.device);
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * frequencies;
        var both = cat([angles, angles], -1).unsqueeze(-2);
        return (stack([both.cos(), both.sin()]) * _frequencies.Amplitude).to(type).MoveToOuterDisposeScope();
    }
}

/// <summary>The rotation of queries and keys at the positions of a batch.</summary>
/// <param name="CosinesAndSines">Cosines and sines, <c>[2, ..., 1, rotated size]</c>, in the layout of the batch.</param>
public sealed record RotaryRotation(Tensor CosinesAndSines)
{
    /// <summary>Returns queries or keys, <c>[..., heads, head size]</c>, with the first elements of each head rotated.</summary>
    public Tensor Apply(Tensor heads)
    {
        using var scope = NewDisposeScope();
        var (size, headSize) = (CosinesAndSines.shape[^1], heads.shape[^1]);
        var input = size == headSize ? heads : heads.narrow(-1, 0, size);
        var halves = input.chunk(2, -1);
        var rotated = input * CosinesAndSines[0] + cat([-halves[1], halves[0]], -1) * CosinesAndSines[1];
        return (size == headSize ? rotated : cat([rotated, heads.narrow(-1, size, headSize - size)], -1)).MoveToOuterDisposeScope();
    }
}
