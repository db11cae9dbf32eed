using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Each pre-tokenizer splits what the one before it left.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> preTokenizers) : IPreTokenizer, IPart<PreTokenizerSequence>
{
    public static string TypeName => "Sequence";

    public static PreTokenizerSequence Read(PartReader json) => new(json.Items("pretokenizers", TokenizerParts.PreTokenizers.Read));

    public void Split(TextSpan span, List<TextSpan> words)
    {
        List<TextSpan> spans = [span];
        foreach (var preTokenizer in preTokenizers)
        {
            List<TextSpan> parts = [];
            foreach (var part in spans)
                preTokenizer.Split(part, parts);
            spans = parts;
        }
        words.AddRange(spans);
    }
}
