using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Positions as sines and cosines of growing wavelength (Vaswani et al. 2017, arXiv:1706.03762): sines in the first half of a vector, cosines in the second.
/// They are parameters like others, trained where training reaches them; new ones are computed.
/// </summary>
/// <param name="count">Positions.</param>
/// <param name="size">The size of a vector.</param>
/// <param name="saved">Whether files that are written hold them.</param>
/// <param name="optional">Whether files that are read may lack them: they are computed then.</param>
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
