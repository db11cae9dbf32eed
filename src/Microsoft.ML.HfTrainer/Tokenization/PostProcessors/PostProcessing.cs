namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>What is done to tokens after the model: the templates, and whether whitespace is cut from the offsets.</summary>
/// <param name="Single">The template of one sequence.</param>
/// <param name="Pair">The template of two.</param>
/// <param name="TrimOffsets">Whether offsets leave out whitespace at the ends of a token.</param>
/// <param name="AddsPrefixSpace">Whether the pre-tokenizer put a space before the text, which no offset counts.</param>
/// <param name="CutsToNothing">Whether truncation is that of the original's classes in Python: see <see cref="Encodings.Truncation"/>.</param>
internal sealed record PostProcessing(
    TokenTemplate Single, TokenTemplate Pair, bool TrimOffsets = false, bool AddsPrefixSpace = false, bool CutsToNothing = false)
{
    /// <summary>The sequences one after the other.</summary>
    public static PostProcessing None { get; } = new(
        new TokenTemplate([TemplatePiece.Text(0, 0)]),
        new TokenTemplate([TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 1)]));
}

/// <summary>A post-processor of tokenizer.json: what it does is settled once, when the tokenizer is loaded.</summary>
internal interface IPostProcessor
{
    PostProcessing Amend(PostProcessing processing);
}
