using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Transforms a text before pre-tokenization: case, accents, Unicode normalization forms.</summary>
internal interface INormalizer
{
    void Normalize(NormalizedText text);
}
