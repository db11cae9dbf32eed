using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The token columns of a schema.</summary>
internal sealed class TokenColumns
{
    private static readonly IReadOnlyList<string> _required = [TokenColumn.InputIds, TokenColumn.AttentionMask];

    private TokenColumns(DataViewSchema schema)
    {
        var required = _required.Select(name => schema[name]).ToList();
        Note = TokenizerNote.Read(required[0].Annotations)!;
        // Types of another tokenizer may be left from a step before.
        All = schema.GetColumnOrNull(TokenColumn.TokenTypeIds) is { } types && TokenizerNote.Read(types.Annotations)?.Identity == Note.Identity
            ? [.. required, types]
            : required;
    }

    /// <summary>Ids and mask, and types where the tokenizer gives them.</summary>
    public IReadOnlyList<DataViewSchema.Column> All { get; }

    /// <summary>What they say of the tokenizer.</summary>
    public TokenizerNote Note { get; }

    /// <summary>Finds the columns.</summary>
    public static TokenColumns Bind(MlHost host, DataViewSchema schema)
    {
        Check(host, SchemaShapes.Of(schema));
        return new TokenColumns(schema);
    }

    /// <summary>Checks that the columns are there, have the right type and come from TokenizeHf.</summary>
    public static void Check(MlHost host, SchemaShape shape)
    {
        foreach (var name in _required)
        {
            if (!shape.Find(name, out var column))
                throw host.SchemaError($"There is no token column '{name}'; put mlContext.Transforms.Text.TokenizeHf before the trainer.");
            if (column.Value.Kind == SchemaShape.Column.VectorKind.Scalar || column.Value.ItemType != NumberDataViewType.Int64)
                throw host.SchemaError(
                    $"The token column '{name}' is {column.Value.TypeText()}; it should be VarVector<Int64>, as mlContext.Transforms.Text.TokenizeHf gives " +
                    "it.");
            if (!column.Value.Annotations.Find(TokenizerNote.MarkKind, out _))
                throw host.SchemaError(
                    $"The column '{name}' does not say which tokenizer made it (the annotation {TokenizerNote.MarkKind} is missing), so it cannot be checked " +
                    "against the model; token columns come from mlContext.Transforms.Text.TokenizeHf.");
        }
    }

    /// <summary>Whether a schema has columns of these names.</summary>
    public static bool ArePresent(DataViewSchema schema) => _required.All(name => schema.GetColumnOrNull(name) is not null);

    /// <summary>The tokenizer that made the columns.</summary>
    public HfTokenizer LoadTokenizer() => TokenizerPack.FindAlive(Note.Identity, Note.Name, Note.Folder) ?? Note.LoadTokenizer(All[0].Annotations);

    /// <summary>Reads the tokens of the row that <paramref name="row"/> is at, into arrays of their own.</summary>
    public Func<TokenSequence> Reader(DataViewRow row)
    {
        var getters = All.Select(row.GetGetter<VBuffer<long>>).ToArray();
        var values = new VBuffer<long>[getters.Length];
        return () =>
        {
            for (var i = 0; i < getters.Length; i++)
            {
                getters[i](ref values[i]);
                if (values[i].Length != values[0].Length)
                    throw new InvalidDataException(
                        $"Row {row.Position + 1} has {values[0].Length} values in '{All[0].Name}' and {values[i].Length} in '{All[i].Name}'; there should be one a token in each.");
            }
            return new TokenSequence(ToIntegers(in values[0], null), values.Length > 2 ? ToIntegers(in values[2], 0) : default, ToIntegers(in values[1], 1));
        };
    }

    // Nothing is kept of a vector with the same value throughout.
    private static ReadOnlyMemory<int> ToIntegers(in VBuffer<long> values, long? left)
    {
        var dense = values.IsDense ? values.GetValues() : values.DenseValues().ToArray();
        return left is { } value && !dense.ContainsAnyExcept(value) ? default(ReadOnlyMemory<int>) : Array.ConvertAll(dense.ToArray(), checked(v => (int)v));
    }
}
