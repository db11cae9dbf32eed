namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>The post-processing of a tokenizer: its templates, and whether offsets are trimmed.</summary>
/// <param name="Single">The template for one sequence.</param>
/// <param name="Pair">The template for a pair of sequences.</param>
/// <param name="TrimOffsets">true to trim whitespace from the offsets at both ends of each token.</param>
/// <param name="AddsPrefixSpace">true if the pre-tokenizer prepends a space to the text, which offsets do not count.</param>
/// <param name="TruncatesToNothing">
/// true to truncate as the tokenizers that Hugging Face Transformers implements in Python; see <see cref="Encodings.Truncation"/>.
/// </param>
internal sealed record PostProcessing(
    TokenTemplate Single, TokenTemplate Pair, bool TrimOffsets = false, bool AddsPrefixSpace = false, bool TruncatesToNothing = false)
{
    /// <summary>Concatenates the sequences and adds nothing.</summary>
    public static PostProcessing None { get; } = new(
        new TokenTemplate([TemplatePiece.Text(0, 0)]),
        new TokenTemplate([TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 1)]));
}

/// <summary>A post-processor of tokenizer.json. Its effect is computed once, when the tokenizer is loaded.</summary>
internal interface IPostProcessor
{
    PostProcessing Amend(PostProcessing processing);
}
