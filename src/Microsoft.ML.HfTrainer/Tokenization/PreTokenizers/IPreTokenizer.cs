using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits normalized text into words, which the model processes one by one.</summary>
internal interface IPreTokenizer
{
    /// <summary>Appends the words of <paramref name="span"/>, none of them empty, to <paramref name="words"/>.</summary>
    void Split(TextSpan span, List<TextSpan> words);
}
