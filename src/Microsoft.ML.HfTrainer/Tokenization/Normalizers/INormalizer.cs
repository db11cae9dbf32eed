using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Changes a text before it is split: case, accents, Unicode forms.</summary>
internal interface INormalizer
{
    void Normalize(NormalizedText text);
}
