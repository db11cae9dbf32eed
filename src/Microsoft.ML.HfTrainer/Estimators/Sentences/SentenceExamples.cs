using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Sentences;

/// <summary>Makes the training examples of a sentence embedding model: those of a row with several texts have a row of tokens for each, as <see cref="DataCollatorForSentences"/> takes them.</summary>
/// <param name="sets">The texts that are tokenized already.</param>
/// <param name="columns">The columns of further texts, which training alone reads.</param>
/// <param name="settings">How these are tokenized.</param>
internal sealed class SentenceExamples(IReadOnlyList<TextSet> sets, IReadOnlyList<TextColumn> columns, TokenizeSettings settings)
{
    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids";

    private readonly EncodeOptions _options = settings.ToEncodeOptions();
    private readonly TextSet _further = new("", settings.Prepare(""));

    public IEnumerable<Example> Of(IEnumerable<TaskRow> rows) => rows.Select(Of);

    private Example Of(TaskRow row)
    {
        List<(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> Mask, ReadOnlyMemory<int> Types, int Prompt)> texts =
        [
            .. sets.Select((set, i) => (row.Tokens[i].Ids, row.Tokens[i].Mask, row.Tokens[i].TypeIds, set.PromptLength(row))),
            .. columns.Select(column =>
            {
                var encoding = Encode(row, column);
                return ((ReadOnlyMemory<int>)encoding.Ids, (ReadOnlyMemory<int>)encoding.AttentionMask, (ReadOnlyMemory<int>)encoding.TypeIds, _further.PromptLength(row));
            }),
        ];
        var example = new Example { [Ids] = texts.ConvertAll(text => text.Ids.ToArray()).ToArray() };
        // All examples have the same features, or none of them does.
        if (settings.PadsToMaxLength)
            example[Mask] = texts.ConvertAll(text => Filled(text.Mask, 1, text.Ids.Length)).ToArray();
        if (row.Tokenizer.ModelInputNames.Contains(Types))
            example[Types] = texts.ConvertAll(text => Filled(text.Types, 0, text.Ids.Length)).ToArray();
        if (_further.Prompt.Length > 0 || sets.Any(set => set.Prompt.Length > 0))
            example[SentenceEmbeddingSettings.PromptLengthName] = texts.ConvertAll(text => text.Prompt).ToArray();
        if (row[Batch.Labels] is { IsDefault: false } label)
            example[Batch.Labels] = label;
        return example;
    }

    private TokenEncoding Encode(TaskRow row, TextColumn column)
    {
        var text = row[column.Feature].Text;
        if (string.IsNullOrWhiteSpace(text))
            throw row.Refuse($"has no text in '{column.Name}'; give it one, or filter the row out.");
        try
        {
            return row.Tokenizer.Encode(settings.Prepare(text), options: _options);
        }
        catch (ArgumentException refusal)
        {
            throw row.Refuse($"cannot be tokenized, in '{column.Name}': {refusal.Message}");
        }
    }

    private static int[] Filled(ReadOnlyMemory<int> values, int otherwise, int length) => (values.IsEmpty ? Repeated.Of(otherwise, length) : values).ToArray();
}
