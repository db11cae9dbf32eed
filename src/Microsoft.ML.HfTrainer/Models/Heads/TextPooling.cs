using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Pooling: one vector for each text, <c>[batch, size]</c>, from the hidden states of its tokens.</summary>
public abstract class TextPooling
{
    /// <summary>The hidden state of the first token.</summary>
    public static TextPooling FirstToken { get; } = new FirstTokenPooling();

    /// <summary>The mean of the hidden states of a text's tokens.</summary>
    public static TextPooling Mean { get; } = new MeanPooling();

    /// <summary>The body's pooler (<see cref="ModelBody.Pool"/>).</summary>
    public static TextPooling Pooler { get; } = new BodyPooling();

    /// <summary>The hidden state of the last token that is not padding, which may be on either side.</summary>
    /// <param name="config">The configuration, of which <c>pad_token_id</c> is read.</param>
    public static TextPooling LastToken(PretrainedConfig config) => new LastTokenPooling(config);

    /// <summary>The hidden state of the last end-of-sequence token of an encoder-decoder, whose decoder reads the same text.</summary>
    /// <param name="config">The configuration, of which <c>eos_token_id</c> is read.</param>
    public static TextPooling LastEndOfSequence(PretrainedConfig config) => new LastEndOfSequencePooling(config.GetInt("eos_token_id"));

    /// <summary>true if the body's pooler is used.</summary>
    public virtual bool UsesPooler => false;

    /// <summary>Pools hidden states.</summary>
    /// <param name="body">The body.</param>
    /// <param name="hidden">Hidden states in the layout.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="texts">The batch of texts.</param>
    /// <returns>A tensor <c>[batch, size]</c>.</returns>
    public abstract Tensor Pool(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts);

    private sealed class FirstTokenPooling : TextPooling
    {
        public override Tensor Pool(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts) => layout.First(hidden);
    }

    private sealed class BodyPooling : TextPooling
    {
        public override bool UsesPooler => true;

        public override Tensor Pool(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts) =>
            body.Pool(hidden, layout) ?? throw new NotSupportedException($"{body.GetType().Name} has no pooler, which the head uses.");
    }

    private sealed class MeanPooling : TextPooling
    {
        public override Tensor Pool(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts)
        {
            using var scope = NewDisposeScope();
            var rows = layout.ToPadded(hidden);
            if (layout.KeyMask is not { } mask)
                return rows.mean([1]).MoveToOuterDisposeScope();
            var isToken = mask.view(rows.shape[0], -1, 1).to(rows.dtype);
            return ((rows * isToken).sum(1) / isToken.sum(1)).MoveToOuterDisposeScope();
        }
    }

    private sealed class LastTokenPooling(PretrainedConfig config) : TextPooling
    {
        public override Tensor Pool(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts)
        {
            using var scope = NewDisposeScope();
            return layout.At(hidden, Places(texts.Get("input_ids"))).MoveToOuterDisposeScope();
        }

        // Padding is recognized by its id and not by the mask, as in Hugging Face Transformers.
        private Tensor Places(Tensor ids)
        {
            var places = arange(ids.shape[1], device: ids.device);
            if (config.GetIntOrNull("pad_token_id") is { } padding)
                return (places * ids.ne(padding)).argmax(-1);
            return ids.shape[0] == 1
                ? places.narrow(0, ids.shape[1] - 1, 1)
                : throw config.Error("pad_token_id", "is missing, without which the last token of each of several texts cannot be told", "the id of the padding token");
        }
    }

    private sealed class LastEndOfSequencePooling(int end) : TextPooling
    {
        public override Tensor Pool(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts)
        {
            using var scope = NewDisposeScope();
            var ids = texts.Get("input_ids");
            var ends = ids.eq(end);
            var without = ends.any(1).logical_not();
            if (without.any().item<bool>())
                throw BatchCheck.Error(texts, "input_ids", without.to(ScalarType.Int64).argmax().item<long>() * ids.shape[1], $"no token {end} (eos_token_id)", "a text is classified at this token, with which it should end");
            var last = (ends.to(ScalarType.Int64) * arange(1, ids.shape[1] + 1, device: ids.device)).argmax(1);
            return hidden[arange(ids.shape[0], device: ids.device), last].MoveToOuterDisposeScope();
        }
    }
}
