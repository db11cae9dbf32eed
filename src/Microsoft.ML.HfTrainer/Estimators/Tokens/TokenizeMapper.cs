using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Computes the token columns of a row.</summary>
internal sealed class TokenizeMapper(MlHost host, TokenizeHfTransformer transformer, DataViewSchema schema)
    : RowMapper(new AppendedSchema(schema, transformer.OutputColumns()))
{
    public override IReadOnlyList<DataViewSchema.Column> Sources { get; } = [.. transformer.Columns.Names.Select(name => schema[name])];

    public override RowPass Begin(int cursors) => new Pass(this, new TokenizationReport(host, transformer, cursors));

    private static readonly Func<TokenEncoding, int[]>[] _parts = [e => e.Ids, e => e.AttentionMask, e => e.TypeIds];

    private sealed class Pass(TokenizeMapper mapper, TokenizationReport report) : RowPass
    {
        public override Delegate?[] Getters(DataViewRow row, bool[] active)
        {
            if (!active.Contains(true))
                return new Delegate?[active.Length];
            var encoder = mapper.Encoder(row, report);
            return [.. _parts.Select((part, i) => active[i] ? Getter(encoder, part) : null)];
        }

        public override void CursorEnded() => report.CursorEnded();

        private static ValueGetter<VBuffer<long>> Getter(Func<TokenEncoding> encode, Func<TokenEncoding, int[]> part) => (ref VBuffer<long> value) =>
        {
            var tokens = part(encode());
            var editor = VBufferEditor.Create(ref value, tokens.Length);
            for (var i = 0; i < tokens.Length; i++)
                editor.Values[i] = tokens[i];
            value = editor.Commit();
        };
    }

    // The three columns of a row are asked for one after the other: the last texts and their encoding are kept. Texts are compared, not positions, which
    // a row need not change with its values.
    private Func<TokenEncoding> Encoder(DataViewRow row, TokenizationReport report)
    {
        var getters = Sources.Select(row.GetGetter<ReadOnlyMemory<char>>).ToArray();
        var texts = new ReadOnlyMemory<char>[getters.Length];
        var last = new string[getters.Length];
        var (encoding, position) = (default(TokenEncoding), -1L);
        var options = new EncodeOptions { MaxLength = transformer.MaxLength };
        return () =>
        {
            var same = encoding is not null;
            for (var i = 0; i < getters.Length; i++)
            {
                getters[i](ref texts[i]);
                same = same && texts[i].Span.SequenceEqual(last[i]);
            }
            if (!same)
            {
                for (var i = 0; i < texts.Length; i++)
                    last[i] = texts[i].ToString();
                encoding = transformer.Tokenizer.Encode(last[0], last.ElementAtOrDefault(1), options);
            }
            if (!same || position != row.Position)
                report.Add(last, encoding!);
            position = row.Position;
            return encoding!;
        };
    }
}
