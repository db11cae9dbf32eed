using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Removes all combining marks, including vowel signs. Precomposed letters keep their accents unless NFD or NFKD has been applied before.</summary>
internal sealed class StripAccents : INormalizer, IPart<StripAccents>
{
    public static string TypeName => "StripAccents";

    public static StripAccents Read(PartReader json) => new();

    public void Normalize(NormalizedText text) => Filter.Remove(text, Characters.IsMark);
}
