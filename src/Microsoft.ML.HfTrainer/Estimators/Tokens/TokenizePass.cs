using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Tokenizes the rows of one pass over data, on all cores where rows are read ahead.</summary>
internal sealed class TokenizePass(MlHost host, TokenizeHfTransformer transformer, TokenizeMapper mapper, int cursors) : RowPass<RowTexts, TokenEncoding>
{
    private readonly EncodeOptions _options = transformer.Settings.ToEncodeOptions();
    private readonly TokenizationReport _report = new(host, transformer, cursors);

    public override int RowsAhead => 512;

    public override Func<RowTexts> Reader(DataViewRow row) => RowTexts.Reader(row, mapper.Sources, transformer.Settings.Columns.Form);

    public override bool AreSame(RowTexts one, RowTexts other) => one.IsSameAs(other);

    public override long SizeOf(RowTexts row) => row.Length;

    public override Delegate Getter(int added, Func<TokenEncoding> current) => mapper.TokenColumns[added].Getter(current);

    public override void CursorEnded() => _report.CursorEnded();

    public override void Compute(ArraySegment<RowTexts> rows, long first, TokenEncoding[] results)
    {
        host.CheckAlive();
        HfTokenizer.ForEach(rows.Count, -1, i => Encode(rows[i], first + i)).CopyTo(results, 0);
    }

    private TokenEncoding Encode(RowTexts texts, long number)
    {
        try
        {
            var encoding = texts.Encode(transformer.Tokenizer, _options, transformer.Settings);
            _report.Add(texts, encoding);
            // The parts that were cut off are computed when they are first read: here on all cores.
            if (transformer.Settings.Overflows)
                _ = encoding.Overflowing;
            return encoding;
        }
        catch (ArgumentException refusal)
        {
            throw host.Mark(new InvalidDataException($"Row {number} cannot be tokenized, of {transformer.Settings.Columns}: {refusal.Message}", refusal));
        }
    }
}
