using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>A tokenizer's normalizer as Microsoft.ML.Tokenizers knows them: text for text, without the alignment that offsets need.</summary>
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
