using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Computes the token columns of a row.</summary>
internal sealed class TokenizeMapper(MlHost host, TokenizeHfTransformer transformer, DataViewSchema schema)
    : RowMapper(new AppendedSchema(schema, transformer.OutputColumns()))
{
    public override IReadOnlyList<DataViewSchema.Column> Sources { get; } = [.. transformer.Settings.Columns.Names.Select(name => schema[name])];

    /// <summary>The added columns, except for <see cref="TokenColumn.SampleIndex"/>.</summary>
    public IReadOnlyList<TokenColumn> TokenColumns { get; } = TokenColumn.Of(transformer.Tokenizer, transformer.Settings);

    public override TokenizePass Begin(int cursors) => new(host, transformer, this, cursors);
}
