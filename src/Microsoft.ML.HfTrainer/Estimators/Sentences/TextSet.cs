using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Sentences;

/// <summary>The texts of a sentence embedding model that one <c>TokenizeHf</c> has tokenized.</summary>
/// <param name="tokenPrefix">The prefix of the token columns.</param>
/// <param name="prompt">The text that was put before each, in the letter case in which it was tokenized; empty if there is none.</param>
internal sealed class TextSet(string tokenPrefix, string prompt)
{
    // One word, so that a thread never sees a part of what another one has written; -1 until it is known.
    private int _promptLength = -1;

    public string TokenPrefix => tokenPrefix;

    public string Prompt => prompt;

    /// <summary>Returns the example of tokens.</summary>
    /// <param name="row">The row.</param>
    /// <param name="set">The number of the token set in the row, from 0.</param>
    public Example ToExample(TaskRow row, int set)
    {
        var example = row.Tokens[set].ToExample();
        // Also where there is no prompt: examples of one batch have the same features.
        example[SentenceEmbeddingSettings.PromptLengthName] = PromptLength(row);
        return example;
    }

    /// <summary>The number of tokens of the prompt.</summary>
    public int PromptLength(TaskRow row) =>
        prompt.Length == 0 ? 0 : _promptLength is >= 0 and var known ? known : _promptLength = SentenceEmbeddingSettings.PromptLength(row.Tokenizer, prompt);

    public void Write(ArchiveWriter archive)
    {
        archive.Write(tokenPrefix);
        archive.Write(prompt);
    }

    public static TextSet Read(ArchiveReader archive) => new(archive.ReadText() ?? "", archive.ReadText() ?? "");
}
