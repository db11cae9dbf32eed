using System.Runtime.ExceptionServices;
using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Tokenises the rows of one pass over data: those that are read ahead on all cores.</summary>
internal sealed class TokenizePass(MlHost host, TokenizeHfTransformer transformer, TokenizeMapper mapper, int cursors) : RowPass<RowTexts, TokenEncoding>
{
    // A chunk takes long enough to be worth a thread's while, and there are enough of them for all threads to end at about the same time.
    private const int RowsAChunk = 16;

    private readonly EncodeOptions _options = transformer.Settings.ToEncodeOptions();
    private readonly TokenizationReport _report = new(host, transformer, cursors);

    public override int RowsAhead => 512;

    public override Func<RowTexts> Reader(DataViewRow row) => RowTexts.Reader(row, mapper.Sources);

    public override bool AreSame(RowTexts one, RowTexts other) => one.IsSameAs(other);

    public override long SizeOf(RowTexts row) => row.Length;

    public override Delegate Getter(int added, Func<TokenEncoding> current) => mapper.TokenColumns[added].Getter(current);

    public override void CursorEnded() => _report.CursorEnded();

    public override void Compute(ArraySegment<RowTexts> rows, long first, TokenEncoding[] results)
    {
        host.CheckAlive();
        var chunks = (rows.Count + RowsAChunk - 1) / RowsAChunk;
        if (chunks == 1)
        {
            ComputeChunk(0);
            return;
        }
        var failures = new Exception?[chunks];
        Parallel.For(0, chunks, (chunk, loop) =>
        {
            try
            {
                ComputeChunk(chunk);
            }
            catch (Exception failure)
            {
                // Chunks before this one still end, so that the first row at fault is named, whatever the threads do.
                failures[chunk] = failure;
                loop.Break();
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } earliest)
            ExceptionDispatchInfo.Throw(earliest);

        void ComputeChunk(int chunk)
        {
            for (var i = chunk * RowsAChunk; i < Math.Min((chunk + 1) * RowsAChunk, rows.Count); i++)
                results[i] = Encode(rows[i], first + i);
        }
    }

    private TokenEncoding Encode(RowTexts texts, long number)
    {
        var settings = transformer.Settings;
        try
        {
            var encoding = texts.Encode(transformer.Tokenizer, _options);
            _report.Add(texts, encoding);
            if (settings.PadsToMaxLength)
                encoding = encoding.Pad(
                    settings.MaxLength!.Value, transformer.Tokenizer.PadTokenId!.Value, transformer.Tokenizer.PadTokenTypeId, settings.PaddingSide ?? transformer.Tokenizer.PaddingSide);
            // What was cut off is put together when it is first looked at: here all cores do so.
            if (settings.Overflows)
                _ = encoding.Overflowing;
            return encoding;
        }
        catch (ArgumentException refusal)
        {
            throw host.Mark(new InvalidDataException($"Row {number} cannot be tokenised, of {settings.Columns}: {refusal.Message}", refusal));
        }
    }
}
