using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>
/// Adapts a tokenizer's normalizer to the interface of Microsoft.ML.Tokenizers: it returns the normalized text without its alignment to the original.
/// </summary>
internal sealed class PipelineNormalizer(INormalizer normalizer) : Normalizer
{
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return Normalize(original.AsSpan());
    }

    public override string Normalize(ReadOnlySpan<char> original)
    {
        var text = new NormalizedText();
        text.Reset(original, 0);
        normalizer.Normalize(text);
        return text.Chars.ToString();
    }
}
