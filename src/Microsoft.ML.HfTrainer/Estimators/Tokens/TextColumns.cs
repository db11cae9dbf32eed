using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The columns of text that are tokenised.</summary>
/// <param name="Text">The column of texts, or of the first texts of pairs.</param>
/// <param name="Pair">The column of second texts; null: there are no pairs.</param>
internal sealed record TextColumns(string Text, string? Pair)
{
    public IEnumerable<string> Names => Pair is null ? [Text] : [Text, Pair];

    /// <summary>Checks that the columns are there and hold text.</summary>
    public void Check(MlHost host, SchemaShape shape)
    {
        foreach (var name in Names)
        {
            if (!shape.Find(name, out var column))
                throw host.SchemaError(
                    $"TokenizeHf needs the text column '{name}', and there is no such column; there are {string.Join(", ", shape.Select(c => c.Name))}.");
            if (column is not { Kind: SchemaShape.Column.VectorKind.Scalar, ItemType: TextDataViewType })
                throw host.SchemaError(
                    $"The column '{name}', which TokenizeHf should tokenise, is {column.Value.TypeText()}; it should be text ({TextDataViewType.Instance}).");
        }
    }
}
