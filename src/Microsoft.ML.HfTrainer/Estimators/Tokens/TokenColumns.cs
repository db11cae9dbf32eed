using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The token columns of a schema.</summary>
internal sealed class TokenColumns
{
    public const string InputIds = "InputIds", AttentionMask = "AttentionMask", TokenTypeIds = "TokenTypeIds";

    public static readonly IReadOnlyList<string> Names = [InputIds, AttentionMask, TokenTypeIds];

    private TokenColumns(DataViewSchema schema)
    {
        All = [.. Names.Select(name => schema[name])];
        Note = TokenizerNote.Read(All[0].Annotations)!;
    }

    /// <summary>Ids, mask and types.</summary>
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
        foreach (var name in Names)
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
    public static bool ArePresent(DataViewSchema schema) => Names.All(name => schema.GetColumnOrNull(name) is not null);

    /// <summary>The tokenizer that made the columns.</summary>
    public HfTokenizer LoadTokenizer() => TokenizerPack.FindAlive(Note.Identity, Note.Name, Note.Folder) ?? Note.LoadTokenizer(All[0].Annotations);

    /// <summary>Reads the tokens of the row that <paramref name="row"/> is at, into arrays of their own.</summary>
    public Func<TokenSequence> Reader(DataViewRow row)
    {
        var getters = All.Select(row.GetGetter<VBuffer<long>>).ToArray();
        var (ids, mask, types) = (default(VBuffer<long>), default(VBuffer<long>), default(VBuffer<long>));
        return () =>
        {
            getters[0](ref ids);
            getters[1](ref mask);
            getters[2](ref types);
            if (mask.Length != ids.Length || types.Length != ids.Length)
                throw new InvalidDataException(
                    $"Row {row.Position + 1} has {ids.Length} values in '{InputIds}', {mask.Length} in '{AttentionMask}' and {types.Length} in '{TokenTypeIds}'; there " +
                    "should be one a token in each.");
            return new TokenSequence(ToIntegers(in ids, null), ToIntegers(in types, 0), ToIntegers(in mask, 1));
        };
    }

    // Nothing is kept of a vector with the same value throughout.
    private static ReadOnlyMemory<int> ToIntegers(in VBuffer<long> values, long? left)
    {
        var dense = values.IsDense ? values.GetValues() : values.DenseValues().ToArray();
        return left is { } value && !dense.ContainsAnyExcept(value) ? default(ReadOnlyMemory<int>) : Array.ConvertAll(dense.ToArray(), checked(v => (int)v));
    }
}
