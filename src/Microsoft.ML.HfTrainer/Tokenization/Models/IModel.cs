namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>A token of a word.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">Where it begins, in UTF-16 units of the word.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Surface">What stands for the token where that is not its entry in the vocabulary, else null.</param>
internal readonly record struct ModelToken(int Id, int Start, int End, string? Surface = null);

/// <summary>Cuts words into tokens of a vocabulary.</summary>
internal interface IModel
{
    Vocabulary Vocabulary { get; }

    /// <summary>The token for what the vocabulary lacks, if the model has one.</summary>
    string? UnknownToken { get; }

    /// <summary>Whether the spaces between its tokens are those of the text, so that none of them may be cleaned away.</summary>
    bool KeepsSpaces => false;

    /// <summary>Adds the tokens of <paramref name="word"/>, which is not empty.</summary>
    void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens);
}
