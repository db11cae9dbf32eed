using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>
/// A tokenizer's pre-tokenizer as Microsoft.ML.Tokenizers knows them: ranges of the given text, without what some of them change in the
/// words, such as the signs that stand for bytes.
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
