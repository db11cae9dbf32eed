using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

public abstract partial class PretrainedModel
{
    /// <summary>The embedding of input ids; null where there is none.</summary>
    internal virtual Embedding? InputEmbedding => modules().OfType<TokenEmbedding>().FirstOrDefault();

    /// <summary>The layer that scores the tokens of that embedding; null where there is none.</summary>
    internal virtual TokenDecoder? Decoder => null;


    /// <summary>
    /// Gives the model another number of tokens, as after tokens were added to its tokenizer: embedding, language-modelling head and <c>vocab_size</c>. Rows of
    /// new tokens are at the end; a head that shares the embedding's matrix still does. Make optimizers afterwards.
    /// </summary>
    /// <remarks>New rows are drawn from the global generator: seed it first (<c>torch.manual_seed</c>) to have the same rows again.</remarks>
    /// <param name="count">The number of tokens.</param>
    /// <param name="padToMultipleOf">Makes the number a multiple of this one, which some processors compute faster with; null: it is as given.</param>
    /// <param name="meanResizing">Whether new rows lie close to the mean of the old ones, which leaves predictions nearly as they were; else they are new as in a new model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    /// <exception cref="NotSupportedException">The model has no embedding of tokens.</exception>
    public void ResizeTokenEmbeddings(int count, int? padToMultipleOf = null, bool meanResizing = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (padToMultipleOf is { } multiple)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1, nameof(padToMultipleOf));
            count = checked((count + multiple - 1) / multiple * multiple);
        }
        var embedding = InputEmbedding ?? throw new NotSupportedException($"{ClassName} has no embedding of input ids to resize.");
        using var noGrad = no_grad();
        zero_grad(set_to_none: true);
        double? deviation = meanResizing ? null : Config.GetDouble("initializer_range", 0.02);
        var before = embedding.Weight.Rows;
        embedding.Resize(count, deviation);
        if (Decoder is { } decoder)
        {
            decoder.Resize(count, deviation);
            foreach (var bias in buffers().Where(b => b.is_floating_point() && b.shape is [1, var length] && length == before))
                VocabularyRows.Pad(bias, count);
        }

        Config.Set("vocab_size", JsonValue.Create(count));
    }
}
