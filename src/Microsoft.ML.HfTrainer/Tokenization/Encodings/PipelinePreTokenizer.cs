using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>
/// Adapts a tokenizer's pre-tokenizer to the interface of Microsoft.ML.Tokenizers: it returns ranges of the given text without the changes that some
/// pre-tokenizers make to words, such as the byte-level alphabet.
/// </summary>
internal sealed class PipelinePreTokenizer(IPreTokenizer preTokenizer) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PreTokenize(text.AsSpan());
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return [];
        var stretch = new NormalizedText();
        stretch.Reset(text, 0);
        List<TextSpan> words = [];
        preTokenizer.Split(new TextSpan(stretch, 0, stretch.Length), words);
        return words.ConvertAll(word => Range(word.Text.Original(word.Start, word.End)));
    }

    private static (int Offset, int Length) Range((int Start, int End) range) => (range.Start, range.End - range.Start);
}
