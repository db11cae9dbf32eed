using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>The columns of a task's inputs in a schema.</summary>
internal sealed class TaskColumns
{
    private readonly RowSource _source;
    private readonly IReadOnlyList<TokenColumns> _tokens;
    private readonly List<(ValueColumn Value, DataViewSchema.Column Column)> _values = [];
    private readonly Lazy<HfTokenizer> _tokenizer;

    /// <summary>Finds the columns.</summary>
    /// <exception cref="ArgumentException">A column is missing or has the wrong type, or the token sets come from different tokenizers.</exception>
    public TaskColumns(RowSource source, DataViewSchema schema, TaskInputs inputs)
    {
        (_source, Schema) = (source, schema);
        _tokens = [.. inputs.Tokens.Select(set => TokenColumns.Bind(source.Host, schema, set))];
        if (_tokens.FirstOrDefault(set => set.Note.Identity != Note.Identity) is { } other)
            throw source.Host.SchemaError(
                $"The token columns '{_tokens[0].All[0].Name}' and '{other.All[0].Name}' come from different tokenizers, '{Note.Name}' ({Note.Identity}) and " +
                $"'{other.Note.Name}' ({other.Note.Identity}); those of one model come from one tokenizer.");
        foreach (var value in inputs.Values)
            if (schema.GetColumnOrNull(value.Name) is { } column)
                _values.Add((value, column));
            else if (!value.IsOptional)
                throw source.Missing(value.Kind, value.Name, schema);
        _tokenizer = new(_tokens[0].LoadTokenizer);
        All = [.. _tokens.SelectMany(set => set.All).Concat(_values.Select(value => value.Column)).DistinctBy(column => column.Index)];
    }

    public DataViewSchema Schema { get; }

    /// <summary>All columns.</summary>
    public IReadOnlyList<DataViewSchema.Column> All { get; }

    /// <summary>The tokenizer of the token columns.</summary>
    public TokenizerNote Note => _tokens[0].Note;

    /// <summary>How the texts of each token set were tokenized.</summary>
    public IEnumerable<TokenizeSettings> Settings => _tokens.Select(set => set.Note.Settings);

    /// <summary>The tokenizer that made the token columns.</summary>
    public HfTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Creates a reader of the row that <paramref name="row"/> is at. What it returned stays as it is when the row moves on.</summary>
    public Func<TaskRow> Reader(DataViewRow row)
    {
        var tokens = _tokens.Select(set => set.Reader(row)).ToArray();
        var values = _values.ConvertAll(value => (value.Value.Feature, Read: value.Value.Reader(_source, row, value.Column)));
        return () =>
        {
            var number = row.Position + 1;
            return new TaskRow(
                _source, number, Array.ConvertAll(tokens, read => read()), [.. values.Select(value => KeyValuePair.Create(value.Feature, value.Read(number)))], _tokenizer);
        };
    }
}
