using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A table of vectors that are looked up by id: ids <c>[...]</c> to vectors <c>[..., size]</c>. The padding row gets no gradient.</summary>
public class Embedding : Layer
{
    /// <summary>Creates a table whose vectors are not filled yet.</summary>
    /// <param name="count">The number of vectors.</param>
    /// <param name="size">The size of a vector.</param>
    /// <param name="paddingIndex">The id of padding; a negative one counts from the end. If null, there is none.</param>
    public Embedding(long count, long size, int? paddingIndex = null)
    {
        Weight = new WeightMatrix(this, count, size);
        PaddingIndex = paddingIndex < 0 ? (int)(paddingIndex + count) : paddingIndex;
    }

    /// <summary>The table, <c>[count, size]</c>.</summary>
    public WeightMatrix Weight { get; }

    /// <summary>The id of padding, or null if there is none.</summary>
    public int? PaddingIndex { get; private set; }

    /// <summary>The standard deviation of the initial vectors. If null, that of the model (<c>initializer_range</c>).</summary>
    public double? Deviation { get; init; }

    /// <summary>Changes the number of vectors.</summary>
    /// <inheritdoc cref="VocabularyRows.Resize"/>
    internal void Resize(long count, double? deviation)
    {
        if (count == Weight.Rows)
            return;
        // Hugging Face makes a new table before it fills it, and draws random numbers for it.
        empty([count, Weight.Columns], device: Weight.Parameter.device).normal_().Dispose();
        Weight.Resize(count, deviation);
        if (PaddingIndex >= count)
            PaddingIndex = null;
    }

    /// <inheritdoc/>
    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        parameter.normal_(0, Deviation ?? deviation);
        if (PaddingIndex is { } padding)
            parameter[padding].zero_();
    }

    /// <summary>Returns the vectors of ids.</summary>
    /// <param name="ids">Ids, <c>[...]</c> int64.</param>
    /// <returns>Vectors, <c>[..., size]</c>.</returns>
    public Tensor Forward(Tensor ids) => Weight.LookUp(ids, PaddingIndex);
}
