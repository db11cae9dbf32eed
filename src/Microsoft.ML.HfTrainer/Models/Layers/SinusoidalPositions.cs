using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Sinusoidal position embeddings (Vaswani et al. 2017, arXiv:1706.03762) with sines in the first half of a vector and cosines in the second. They are trained like other parameters;
/// initial values are computed.
/// </summary>
/// <param name="count">The number of positions.</param>
/// <param name="size">The size of a vector.</param>
/// <param name="saved">true if they are saved.</param>
/// <param name="optional">true if checkpoints may lack them, so that they are computed.</param>
internal sealed class SinusoidalPositions(int count, int size, bool saved, bool optional) : Embedding(count, size)
{
    public override bool IsSaved => saved;

    public override bool IsOptional => optional;

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        var values = new float[count * size];
        var sines = (size + 1) / 2;
        for (var position = 0; position < count; position++)
            for (var i = 0; i < sines; i++)
            {
                var angle = position / Math.Pow(10000, 2.0 * i / size);
                values[position * size + i] = (float)Math.Sin(angle);
                if (sines + i < size)
                    values[position * size + sines + i] = (float)Math.Cos(angle);
            }
        parameter.copy_(tensor(values, count, size));
    }
}
