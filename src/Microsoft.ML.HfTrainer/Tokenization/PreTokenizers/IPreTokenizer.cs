using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits normalized text into the words that the model sees one by one.</summary>
internal interface IPreTokenizer
{
    /// <summary>Adds the words of <paramref name="span"/>, none of them empty, to <paramref name="words"/>.</summary>
    void Split(TextSpan span, List<TextSpan> words);
}
