namespace Microsoft.ML.HfTrainer;

/// <summary>A chat rendered by a chat template: its text and, on request, its tokens.</summary>
public sealed class RenderedChat
{
    private readonly HfTokenizer _tokenizer;
    private readonly EncodeOptions _options;
    private readonly IReadOnlyList<(int Start, int End)>? _generated;

    internal RenderedChat(HfTokenizer tokenizer, EncodeOptions options, string text, IReadOnlyList<(int Start, int End)>? generated)
    {
        _tokenizer = tokenizer;
        _options = options;
        _generated = generated;
        Text = text;
    }

    /// <summary>Gets the rendered text, including the special tokens that the template writes.</summary>
    public string Text { get; }

    /// <summary>Gets the encoding of the text. No special tokens are added to those that the template wrote.</summary>
    public TokenEncoding Encoding => field ??= _tokenizer.Encode(Text, null, _options);

    /// <summary>Gets the token ids (<c>input_ids</c>).</summary>
    public int[] Ids => Encoding.Ids;

    /// <summary>Gets the attention mask (<c>attention_mask</c>): 1 for each token.</summary>
    public int[] AttentionMask => Encoding.AttentionMask;

    /// <summary>
    /// Gets the assistant mask (<c>assistant_masks</c>): 1 for tokens that the assistant generates, otherwise 0. A token counts as generated if any
    /// of its characters lies between <c>{% generation %}</c> and <c>{% endgeneration %}</c>; the mask is all zeros if the template has no such
    /// block.
    /// </summary>
    /// <exception cref="InvalidOperationException">The chat was rendered with <see cref="ChatTemplateOptions.ContinueFinalMessage"/>.</exception>
    public int[] AssistantMask => field ??= MaskOf(
        _generated ?? throw new InvalidOperationException("A chat whose last message is to be continued has no assistant mask."));

    /// <summary>Where the text of each message ends, -1 for those that the template writes outside of a loop over messages.</summary>
    internal IReadOnlyList<int> Ends { get; init; } = [];

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    /// <summary>Returns 1 for each token of which any character lies in a range of the text, otherwise 0.</summary>
    /// <param name="ranges">The ranges, in the order of the text.</param>
    internal int[] MaskOf(IReadOnlyList<(int Start, int End)> ranges)
    {
        var mask = new int[Encoding.Length];
        var next = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            var (start, end) = Encoding.Offsets[i];
            while (next < ranges.Count && start >= ranges[next].End)
                next++;
            if (next == ranges.Count)
                break;
            if (end > ranges[next].Start)
                mask[i] = 1;
        }
        return mask;
    }
}
