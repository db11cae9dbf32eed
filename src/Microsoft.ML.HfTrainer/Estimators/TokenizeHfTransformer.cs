using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.TokenizeHfTransformer>(Microsoft.ML.HfTrainer.TokenizeHfTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>The <see cref="ITransformer"/> of <see cref="TokenizeHfEstimator"/>.</summary>
public sealed class TokenizeHfTransformer : ITransformer, ISavedTransformer<TokenizeHfTransformer>
{
    internal const string LoaderName = "HfTokenize";

    private readonly MlHost _host;

    internal TokenizeHfTransformer(MlHost host, HfTokenizer tokenizer, TextColumns columns, int? maxLength)
    {
        (_host, Tokenizer, Columns, MaxLength) = (host, tokenizer, columns, maxLength);
        TokenizerPack.Remember(tokenizer);
    }

    /// <summary>The tokenizer.</summary>
    public HfTokenizer Tokenizer { get; }

    /// <summary>The longest sequence in tokens, to which longer texts are cut; null: texts are never cut.</summary>
    public int? MaxLength { get; }

    internal TextColumns Columns { get; }

    bool ITransformer.IsRowToRowMapper => true;

    static ArchiveFormat ISavedTransformer<TokenizeHfTransformer>.Format => Format;

    private static ArchiveFormat Format => new("HFTOKNZR", LoaderName, 1);

    /// <summary>The schema of the data with the token columns.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>The data with the token columns, which are computed when they are read.</summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    /// <summary>The token columns as they are added.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns()
    {
        var note = TokenizerNote.Of(Tokenizer, Columns, MaxLength);
        var type = new VectorDataViewType(NumberDataViewType.Int64);
        // One of the columns is enough to carry the tokenizer itself.
        return [.. TokenColumns.Names.Select((name, i) => new DataViewSchema.DetachedColumn(name, type, note.ToAnnotations(i == 0 ? Tokenizer : null)))];
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var archive = _host.Write(ctx, Format);
        archive.Write(Columns.Text);
        archive.Write(Columns.Pair);
        archive.Write(MaxLength ?? 0);
        TokenizerArchive.Write(archive, Tokenizer);
    }

    static TokenizeHfTransformer ISavedTransformer<TokenizeHfTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var columns = new TextColumns(archive.ReadName(), archive.ReadText());
        var maxLength = archive.ReadInt();
        return new TokenizeHfTransformer(host, TokenizerArchive.Read(archive), columns, maxLength == 0 ? null : maxLength);
    }

    private TokenizeMapper Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Columns.Check(_host, SchemaShapes.Of(schema));
        return new TokenizeMapper(_host, this, schema);
    }
}
