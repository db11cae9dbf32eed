using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Drops every mark, those that are vowels included; composed letters keep theirs unless NFD or NFKD came before.</summary>
internal sealed class StripAccents : INormalizer, IPart<StripAccents>
{
    public static string TypeName => "StripAccents";

    public static StripAccents Read(PartReader json) => new();

    public void Normalize(NormalizedText text) => Filter.Remove(text, Characters.IsMark);
}
