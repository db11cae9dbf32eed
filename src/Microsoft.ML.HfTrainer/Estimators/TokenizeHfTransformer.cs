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

    internal TokenizeHfTransformer(MlHost host, HfTokenizer tokenizer, TokenizeSettings settings)
    {
        (_host, Tokenizer, Settings) = (host, tokenizer, settings);
        TokenizerPack.Remember(tokenizer);
    }

    /// <summary>Gets the tokenizer.</summary>
    public HfTokenizer Tokenizer { get; }

    /// <summary>Gets the maximum sequence length in tokens, to which texts are cut; null if they are never cut.</summary>
    public int? MaxLength => Settings.MaxLength;

    internal TokenizeSettings Settings { get; }

    bool ITransformer.IsRowToRowMapper => !Settings.Overflows;

    static ArchiveFormat ISavedTransformer<TokenizeHfTransformer>.Format => Format;

    private static ArchiveFormat Format => new("HFTOKNZR", LoaderName, 4);

    /// <summary>Returns the schema of the input with the token columns.</summary>
    /// <param name="inputSchema">The schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>Adds the token columns to data. They are computed when they are read: rows are read ahead, tokenized on all cores, and returned in their order.</summary>
    /// <param name="input">The data, with the text columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mapper = Bind(input.Schema);
        return Settings.Overflows ? new OverflowView(input, mapper) : new MappedView(input, mapper);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => !Settings.Overflows ? Bind(inputSchema) : throw _host.Mark(new InvalidOperationException(
        $"TokenizeHf of {Settings.Columns} makes several rows of a long text (ReturnOverflowingTokens), so that it maps no single rows; give Transform data of one row."));

    /// <summary>Describes the token columns.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns()
    {
        var note = TokenizerNote.Of(Tokenizer, Settings);
        // One of the columns is enough to carry the tokenizer itself.
        var columns = TokenColumn.Of(Tokenizer, Settings).Select((column, i) =>
            new DataViewSchema.DetachedColumn(Settings.Prefix + column.Name, TokenColumn.Type, note.ToAnnotations(i == 0 ? Tokenizer : null)));
        return [.. columns, .. Settings.Overflows ? [new(Settings.Prefix + TokenColumn.SampleIndex, NumberDataViewType.Int64)] : Array.Empty<DataViewSchema.DetachedColumn>()];
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var archive = _host.Write(ctx, Format);
        archive.Write(TokenizeSettingsJson.Write(Settings));
        TokenizerArchive.Write(archive, Tokenizer);
    }

    static TokenizeHfTransformer ISavedTransformer<TokenizeHfTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var settings = archive.Version == 1 ? ReadFirstVersion(archive) : TokenizeSettingsJson.Read(archive.ReadName());
        return new TokenizeHfTransformer(host, TokenizerArchive.Read(archive), settings);
    }

    // Files of the first version hold only the columns and the limit.
    private static TokenizeSettings ReadFirstVersion(ArchiveReader archive)
    {
        var columns = new TextColumns(archive.ReadName(), archive.ReadText());
        var maxLength = archive.ReadInt();
        return new TokenizeSettings { Columns = columns, MaxLength = maxLength == 0 ? null : maxLength };
    }

    private TokenizeMapper Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Settings.Columns.Check(_host, SchemaShapes.Of(schema));
        return new TokenizeMapper(_host, this, schema);
    }
}
