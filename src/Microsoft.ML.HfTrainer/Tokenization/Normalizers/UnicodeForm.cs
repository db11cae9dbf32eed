using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Unicode normalization to one of the four forms.</summary>
internal abstract class UnicodeForm(NormalizationForm form) : INormalizer
{
    public void Normalize(NormalizedText text) => UnicodeForms.Apply(text, form);
}

/// <inheritdoc/>
internal sealed class Nfc() : UnicodeForm(NormalizationForm.FormC), IPart<Nfc>
{
    public static string TypeName => "NFC";

    public static Nfc Read(PartReader json) => new();
}

/// <inheritdoc/>
internal sealed class Nfd() : UnicodeForm(NormalizationForm.FormD), IPart<Nfd>
{
    public static string TypeName => "NFD";

    public static Nfd Read(PartReader json) => new();
}

/// <inheritdoc/>
internal sealed class Nfkc() : UnicodeForm(NormalizationForm.FormKC), IPart<Nfkc>
{
    public static string TypeName => "NFKC";

    public static Nfkc Read(PartReader json) => new();
}

/// <inheritdoc/>
internal sealed class Nfkd() : UnicodeForm(NormalizationForm.FormKD), IPart<Nfkd>
{
    public static string TypeName => "NFKD";

    public static Nfkd Read(PartReader json) => new();
}
