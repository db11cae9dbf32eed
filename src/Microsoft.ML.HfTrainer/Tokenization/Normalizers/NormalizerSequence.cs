using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Applies normalizers one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer, IPart<NormalizerSequence>
{
    private readonly INormalizer[] _normalizers = [.. normalizers];

    public static string TypeName => "Sequence";

    public static NormalizerSequence Read(PartReader json) => new(json.Items("normalizers", TokenizerParts.Normalizers.Read));

    public void Normalize(NormalizedText text)
    {
        foreach (var normalizer in _normalizers)
            normalizer.Normalize(text);
    }
}
