using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The token columns of one token set in a schema.</summary>
internal sealed class TokenColumns
{
    private static readonly IReadOnlyList<string> _required = [TokenColumn.InputIds, TokenColumn.AttentionMask];

    // The places of the columns in All; -1 for those that are not read.
    private readonly int _types, _offsets, _words, _sequences, _lengths;

    private TokenColumns(MlHost host, DataViewSchema schema, TokenInput set)
    {
        var all = _required.Select(name => schema[set.Prefix + name]).ToList();
        Note = TokenizerNote.Read(all[0].Annotations)!;
        if (Note.Settings.Overflows && set.InsteadOfPieces is { } instead)
            throw host.SchemaError(
                $"The token columns with '{all[0].Name}' have a row for each piece of a long text ({nameof(TokenizeHfOptions.ReturnOverflowingTokens)}), and this trainer needs each text in one row. " +
                $"Leave the option out: {instead}");
        int Add(string name)
        {
            // A column of another tokenizer may be left from a step before.
            if (schema.GetColumnOrNull(set.Prefix + name) is not { } column || TokenizerNote.Read(column.Annotations)?.Identity != Note.Identity)
                return -1;
            all.Add(column);
            return all.Count - 1;
        }
        int AddRequested(string name) => !set.Requested.Contains(name) ? -1 : Add(name) is >= 0 and var place ? place : throw host.SchemaError(
            $"There is no token column '{set.Prefix}{name}', which this trainer needs; set {(name == TokenColumn.SequenceLengths ? nameof(TokenizeHfOptions.ChoicesColumnName) : $"Return{name}")} in the options of TokenizeHf.");
        (_types, _offsets, _words, _sequences, _lengths) =
        (
            Add(TokenColumn.TokenTypeIds), AddRequested(TokenColumn.Offsets), AddRequested(TokenColumn.WordIds), AddRequested(TokenColumn.SequenceIds),
            AddRequested(TokenColumn.SequenceLengths)
        );
        All = all;
    }

    /// <summary>Gets the columns: ids, mask, token types if the tokenizer has them, and those that the token set requests.</summary>
    public IReadOnlyList<DataViewSchema.Column> All { get; }

    /// <summary>Gets what the columns say about their tokenizer.</summary>
    public TokenizerNote Note { get; }

    /// <summary>Finds the columns of a token set.</summary>
    public static TokenColumns Bind(MlHost host, DataViewSchema schema, TokenInput set)
    {
        Check(host, SchemaShapes.Of(schema), set.Prefix);
        return new TokenColumns(host, schema, set);
    }

    /// <summary>Checks that the columns are there, have the right type and come from TokenizeHf.</summary>
    public static void Check(MlHost host, SchemaShape shape, string prefix)
    {
        foreach (var name in _required.Select(name => prefix + name))
        {
            if (!shape.Find(name, out var column))
                throw host.SchemaError($"There is no token column '{name}'; put mlContext.Transforms.Text.TokenizeHf{With(prefix)} before the trainer.{Others(shape, name)}");
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

    /// <summary>Returns how the texts of a token set were tokenized. The columns have been checked.</summary>
    public static TokenizeSettings SettingsOf(DataViewSchema schema, string prefix) => TokenizerNote.Read(schema[prefix + TokenColumn.InputIds].Annotations)!.Settings;

    /// <summary>Returns true if a schema has the required columns.</summary>
    public static bool ArePresent(DataViewSchema schema, string prefix) => _required.All(name => schema.GetColumnOrNull(prefix + name) is not null);

    /// <summary>Returns the tokenizer that made the columns.</summary>
    public HfTokenizer LoadTokenizer() => TokenizerPack.FindAlive(Note.Identity, Note.Name, Note.Folder) ?? Note.LoadTokenizer(All[0].Annotations);

    /// <summary>Creates a reader of the tokens of the row that <paramref name="row"/> is at, into arrays of their own.</summary>
    public Func<TokenSequence> Reader(DataViewRow row)
    {
        var getters = All.Select(row.GetGetter<VBuffer<long>>).ToArray();
        var values = new VBuffer<long>[getters.Length];
        return () =>
        {
            for (var i = 0; i < getters.Length; i++)
            {
                getters[i](ref values[i]);
                if (i != _lengths && values[i].Length != values[0].Length * (i == _offsets ? 2 : 1))
                    throw new InvalidDataException(
                        $"Row {row.Position + 1} has {values[0].Length} values in '{All[0].Name}' and {values[i].Length} in '{All[i].Name}'; there should be one a token in each.");
            }
            return new TokenSequence(Read(0), Read(_types, 0), Read(1, 1)) { Offsets = Read(_offsets), WordIds = Read(_words), SequenceIds = Read(_sequences), SequenceLengths = Read(_lengths) };
        };

        ReadOnlyMemory<int> Read(int place, long? left = null) => place < 0 ? default : ToIntegers(in values[place], left);
    }

    // Nothing is kept of a vector with the same value throughout.
    private static ReadOnlyMemory<int> ToIntegers(in VBuffer<long> values, long? left)
    {
        var dense = values.IsDense ? values.GetValues() : values.DenseValues().ToArray();
        return left is { } value && !dense.ContainsAnyExcept(value) ? default(ReadOnlyMemory<int>) : Array.ConvertAll(dense.ToArray(), checked(v => (int)v));
    }

    private static string With(string prefix) => prefix.Length == 0 ? "" : $" with OutputColumnPrefix \"{prefix}\"";

    // Token columns under other names say that a prefix is wrong or missing.
    private static string Others(SchemaShape shape, string wanted) =>
        shape.Where(column => column.Name.EndsWith(TokenColumn.InputIds, StringComparison.Ordinal) && column.Name != wanted).Select(column => column.Name).ToList() is { Count: > 0 } others
            ? $" There is {string.Join(", ", others.Select(other => $"'{other}'"))}: its prefix belongs into the option TokenColumnPrefix of the trainer."
            : "";
}
