using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// The matrix of a linear map or the table of an embedding, <c>[rows, columns]</c>. Layers multiply by it and look rows up in it here and nowhere else, so that how its
/// numbers are kept is this type's concern alone.
/// </summary>
public sealed class WeightMatrix
{
    private readonly bool _transposed;

    /// <summary>Allocates a matrix as the parameter <c>weight</c> of a layer; loading or initializing the model fills it.</summary>
    /// <param name="owner">The layer.</param>
    /// <param name="rows">The number of outputs of a map, or of vectors in a table.</param>
    /// <param name="columns">The number of inputs of a map, or the size of a vector.</param>
    /// <param name="transposed">true if checkpoints hold the matrix as <c>[columns, rows]</c>.</param>
    internal WeightMatrix(Layer owner, long rows, long columns, bool transposed = false)
    {
        _transposed = transposed;
        Parameter = transposed ? Weights.Allocate(owner, "weight", columns, rows) : Weights.Allocate(owner, "weight", rows, columns);
    }

    /// <summary>The number of rows.</summary>
    public long Rows => Parameter.shape[_transposed ? 1 : 0];

    /// <summary>The number of columns.</summary>
    public long Columns => Parameter.shape[_transposed ? 0 : 1];

    /// <summary>The parameter that holds the numbers.</summary>
    internal Parameter Parameter { get; }

    /// <summary>Returns <c>x·Wᵀ + b</c>, <c>[..., rows]</c>.</summary>
    /// <param name="input">A tensor <c>[..., columns]</c>.</param>
    /// <param name="bias">The bias, <c>[rows]</c>. If null, there is none.</param>
    public Tensor Multiply(Tensor input, Tensor? bias = null)
    {
        if (FewRowsProduct.Applies(input, Parameter, _transposed, bias))
            return FewRowsProduct.Multiply(input, Parameter, _transposed, bias);
        if (!_transposed)
            return nn.functional.linear(input, Parameter, bias);
        using var stored = Parameter.t();
        return nn.functional.linear(input, stored, bias);
    }

    /// <summary>Returns the rows of some ids, <c>[..., columns]</c>.</summary>
    /// <param name="ids">Row numbers, <c>[...]</c> int64.</param>
    /// <param name="paddingIndex">The row that gets no gradient. If null, every row does.</param>
    public Tensor LookUp(Tensor ids, int? paddingIndex = null) => TorchScript.Embedding(Parameter, ids, paddingIndex ?? -1);

    /// <summary>Changes the number of rows of a table.</summary>
    /// <inheritdoc cref="VocabularyRows.Resize"/>
    internal void Resize(long count, double? deviation) => VocabularyRows.Resize(Parameter, count, deviation);
}
