using System.Buffers;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer;

// The members that code written against the Tokenizer of Microsoft.ML.Tokenizers calls.
public sealed partial class HfTokenizer
{
    /// <summary>Gets the normalizer, or null if texts are not normalized.</summary>
    public override Normalizer? Normalizer => field ??= _pipeline.Normalizer is { } normalizer ? new PipelineNormalizer(normalizer) : null;

    /// <summary>Gets the pre-tokenizer, or null if the model receives the text whole.</summary>
    public override PreTokenizer? PreTokenizer =>
        field ??= _pipeline.PreTokenizer is { } preTokenizer ? new PipelinePreTokenizer(preTokenizer) : null;

    /// <inheritdoc cref="Decode(IReadOnlyList{int}, bool, bool?, bool)"/>
    public override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Decode(ids as IReadOnlyList<int> ?? [.. ids], skipSpecialTokens: true);
    }

    /// <summary>Decodes token ids into the caller's buffer, without special tokens.</summary>
    /// <param name="ids">The token ids; ids outside the vocabulary are ignored.</param>
    /// <param name="destination">The buffer that receives the text.</param>
    /// <param name="idsConsumed">The number of all ids, or 0 if the text does not fit: the text of a token depends on its neighbors.</param>
    /// <param name="charsWritten">The length of the text.</param>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var list = ids as IReadOnlyList<int> ?? [.. ids];
        var text = Decode(list, skipSpecialTokens: true);
        var fits = text.TryCopyTo(destination);
        (idsConsumed, charsWritten) = fits ? (list.Count, text.Length) : (0, 0);
        return fits ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var workspace = Tokenize(text ?? textSpan.ToString(), settings);
        var tokens = workspace.First;
        var count = TokenFit.FromStart(tokens.Offsets, settings.MaxTokenCount);
        var result = new EncodeResults<int>
        {
            Tokens = tokens.Ids[..count].ToArray(),
            CharsConsumed = End(tokens, count, text?.Length ?? textSpan.Length),
        };
        workspace.Return();
        return result;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var workspace = Tokenize(text ?? textSpan.ToString(), settings);
        var tokens = workspace.First;
        var result = new EncodedToken[TokenFit.FromStart(tokens.Offsets, settings.MaxTokenCount)];
        for (var i = 0; i < result.Length; i++)
        {
            var (start, end) = tokens.Offsets[i];
            result[i] = new EncodedToken(tokens.Ids[i], tokens.Surfaces?.GetValueOrDefault(i) ?? IdToToken(tokens.Ids[i]) ?? "", start..end);
        }
        var consumed = End(tokens, result.Length, text?.Length ?? textSpan.Length);
        workspace.Return();
        return new EncodeResults<EncodedToken> { Tokens = result, CharsConsumed = consumed };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var workspace = Tokenize(text ?? textSpan.ToString(), settings);
        var count = TokenFit.FromStart(workspace.First.Offsets, settings.MaxTokenCount);
        workspace.Return();
        return count;
    }

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        normalizedText = null;
        var workspace = Tokenize(text ?? textSpan.ToString(), settings);
        var (tokens, length) = (workspace.First, text?.Length ?? textSpan.Length);
        tokenCount = fromEnd ? TokenFit.FromEnd(tokens.Offsets, settings.MaxTokenCount) : TokenFit.FromStart(tokens.Offsets, settings.MaxTokenCount);
        var index = !fromEnd ? End(tokens, tokenCount, length)
            : tokenCount == tokens.Count ? 0
            : tokenCount == 0 ? length
            : tokens.Offsets[tokens.Count - tokenCount].Start;
        workspace.Return();
        return index;
    }

    private static int End(SequenceTokens tokens, int count, int length) =>
        count == tokens.Count ? length : count == 0 ? 0 : tokens.Offsets[count - 1].End;

    private Workspace Tokenize(string text, EncodeSettings settings)
    {
        var pipeline = settings.ConsiderNormalization && settings.ConsiderPreTokenization ? _pipeline : _pipeline with
        {
            Normalizer = settings.ConsiderNormalization ? _pipeline.Normalizer : null,
            PreTokenizer = settings.ConsiderPreTokenization ? _pipeline.PreTokenizer : null,
        };
        var workspace = Workspace.Rent();
        pipeline.Tokenize(text, workspace.First, workspace);
        return workspace;
    }
}
