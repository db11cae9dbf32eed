using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Rotary position embedding (Su et al. 2021, arXiv:2104.09864): queries and keys are turned by angles that grow with the position, so that their products
/// depend on distances alone. Element <c>i</c> of a head's first half turns with element <c>i</c> of the second.
/// </summary>
internal sealed class Rotary
{
    private readonly RotaryFrequencies _frequencies;

    private Rotary(RotaryFrequencies frequencies) => _frequencies = frequencies;

    /// <summary>As a configuration says, in the fields of new files (<c>rope_parameters</c>) or of old ones (<c>rope_theta</c>, <c>rope_scaling</c>).</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="headSize">The size of a head.</param>
    /// <param name="part">The part of a head that is turned where the configuration does not say it.</param>
    public static Rotary Of(PretrainedConfig config, int headSize, double part = 1) =>
        Of(config, config.Section("rope_scaling") ?? config.Section("rope_parameters"), headSize, config.GetDouble("rope_theta", 10_000), part);

    /// <summary>As some fields of a configuration say, where it has several sets of them.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="fields">The fields, such as <c>rope_type</c> and <c>factor</c>; null: none.</param>
    /// <param name="headSize">The size of a head.</param>
    /// <param name="theta">The base of the wavelengths where the fields do not say it.</param>
    /// <param name="part">The part of a head that is turned where the configuration does not say it.</param>
    public static Rotary Of(PretrainedConfig config, JsonFields? fields, int headSize, double theta, double part = 1) =>
        new(RotaryScaling.Of(config, fields, headSize, theta, part));

    /// <summary>The turns of a batch's positions, to be applied to tensors of a type. All layers of a forward pass share them.</summary>
    public Rotation At(TokenLayout layout, ScalarType type) => new(layout.Share((this, type), () => Waves(layout.Positions, type)));

    // The angles are computed in float32 whatever the model's type: far positions have no exact number in 16 bits.
    private Tensor Waves(Tensor positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var inverse = tensor(_frequencies.Of(positions), device: positions.device);
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * inverse;
        var both = cat([angles, angles], -1).unsqueeze(-2);
        return (stack([both.cos(), both.sin()]) * _frequencies.Amplitude).to(type).MoveToOuterDisposeScope();
    }
}

/// <summary>Turns of the positions of a batch: cosines and sines, <c>[2, ..., 1, size]</c>, in its layout.</summary>
internal sealed record Rotation(Tensor Waves)
{
    /// <summary>Turns the first elements of each head, <c>[..., heads, headSize]</c>.</summary>
    public Tensor Turn(Tensor heads)
    {
        using var scope = NewDisposeScope();
        var (size, whole) = (Waves.shape[^1], heads.shape[^1]);
        var turned = size == whole ? heads : heads.narrow(-1, 0, size);
        var halves = turned.chunk(2, -1);
        var result = turned * Waves[0] + cat([-halves[1], halves[0]], -1) * Waves[1];
        return (size == whole ? result : cat([result, heads.narrow(-1, size, whole - size)], -1)).MoveToOuterDisposeScope();
    }
}
