namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>A token of a word.</summary>
/// <param name="Id">The token id.</param>
/// <param name="Start">The start of the token in the word, in UTF-16 units.</param>
/// <param name="End">The end of the token in the word, in UTF-16 units.</param>
/// <param name="Surface">The token's text if it differs from the vocabulary entry; otherwise null.</param>
internal readonly record struct ModelToken(int Id, int Start, int End, string? Surface = null);

/// <summary>Splits words into tokens of a vocabulary.</summary>
internal interface IModel
{
    Vocabulary Vocabulary { get; }

    /// <summary>The token for text outside the vocabulary, or null if the model has none.</summary>
    string? UnknownToken { get; }

    /// <summary>Indicates whether the tokens preserve the spaces of the text, so that decoding must not clean them up.</summary>
    bool KeepsSpaces => false;

    /// <summary>Appends the tokens of <paramref name="word"/>, which is not empty.</summary>
    void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens);
}
