using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

public abstract partial class PretrainedModel
{
    /// <summary>The embedding of input ids; null if there is none.</summary>
    internal virtual Embedding? InputEmbedding => modules().OfType<TokenEmbedding>().FirstOrDefault();

    /// <summary>The layer that scores the tokens of that embedding; null if there is none.</summary>
    internal virtual TokenDecoder? Decoder => null;

    /// <summary>
    /// Changes the size of the vocabulary, such as after tokens were added to the tokenizer: the embedding, the language-modelling head and <c>vocab_size</c>. Rows of new tokens are
    /// appended; a tied head stays tied. Create optimizers afterwards.
    /// </summary>
    /// <remarks>New rows are drawn from the global generator: seed it first (<c>torch.manual_seed</c>) to have the same rows again.</remarks>
    /// <param name="count">The new number of tokens.</param>
    /// <param name="padToMultipleOf">Rounds the number up to a multiple of this one, with which some processors are faster. If null, it is not rounded.</param>
    /// <param name="meanResizing">true to draw new rows close to the mean of the old ones, which leaves predictions nearly unchanged; false to initialize them as in a new model. Default: true.</param>
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
