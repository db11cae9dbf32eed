namespace Microsoft.ML.HfTrainer;

/// <summary>Messages as a chat template writes them: the text, and on request its tokens.</summary>
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

    /// <summary>The text, special tokens included.</summary>
    public string Text { get; }

    /// <summary>The tokens of the text. Special tokens are those that the template wrote; none is added.</summary>
    public TokenEncoding Encoding => field ??= _tokenizer.Encode(Text, null, _options);

    /// <summary>The ids of the tokens (<c>input_ids</c>).</summary>
    public int[] Ids => Encoding.Ids;

    /// <summary>1 for each token (<c>attention_mask</c>).</summary>
    public int[] AttentionMask => Encoding.AttentionMask;

    /// <summary>
    /// 1 for the tokens that the model is to learn to write, else 0 (<c>assistant_masks</c>): those with a character of what the template
    /// has between <c>{% generation %}</c> and <c>{% endgeneration %}</c>. All 0 where it has no such place.
    /// </summary>
    /// <exception cref="InvalidOperationException">The chat was rendered with <see cref="ChatTemplateOptions.ContinueFinalMessage"/>.</exception>
    public int[] AssistantMask => field ??= MakeMask();

    /// <summary>The <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    private int[] MakeMask()
    {
        if (_generated is null)
            throw new InvalidOperationException("A chat whose last message is to be continued has no assistant mask.");
        var mask = new int[Encoding.Length];
        var next = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            var (start, end) = Encoding.Offsets[i];
            while (next < _generated.Count && start >= _generated[next].End)
                next++;
            if (next == _generated.Count)
                break;
            if (end > _generated[next].Start)
                mask[i] = 1;
        }
        return mask;
    }
}
