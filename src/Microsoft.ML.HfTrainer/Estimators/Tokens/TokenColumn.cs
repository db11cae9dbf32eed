using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>A column with one or more values for each token of a row, or for each of its sequences.</summary>
/// <param name="Name">The name without a prefix.</param>
/// <param name="Size">Returns the number of values of a row.</param>
/// <param name="Write">Writes the values of a row.</param>
internal sealed record TokenColumn(string Name, Func<TokenEncoding, int> Size, TokenColumn.Writer Write)
{
    public const string InputIds = "InputIds", AttentionMask = "AttentionMask", TokenTypeIds = "TokenTypeIds", Offsets = "Offsets", WordIds = "WordIds",
        SequenceIds = "SequenceIds", SpecialTokensMask = "SpecialTokensMask", SequenceLengths = "SequenceLengths";

    /// <summary>The name of the column, which is not one of tokens, of the index of the input row that a row comes from.</summary>
    public const string SampleIndex = "SampleIndex";

    public delegate void Writer(TokenEncoding encoding, Span<long> values);

    private static readonly IReadOnlyList<TokenColumn> _always =
    [
        new(InputIds, Tokens, (encoding, values) => Widen(encoding.Ids, values)),
        new(AttentionMask, Tokens, (encoding, values) => Widen(encoding.AttentionMask, values)),
    ];

    private static readonly TokenColumn _types = new(TokenTypeIds, Tokens, (encoding, values) => Widen(encoding.TypeIds, values));

    private static readonly TokenColumn _lengths = new(SequenceLengths, encoding => encoding.Parts.Count, (encoding, values) => Widen(encoding.Parts, values));

    private static readonly IReadOnlyList<TokenColumn> _onRequest =
    [
        new(Offsets, encoding => 2 * encoding.Length, (encoding, values) => Flatten(encoding.Offsets, values)),
        new(WordIds, Tokens, (encoding, values) => OrMinusOne(encoding.WordIds, values)),
        new(SequenceIds, Tokens, (encoding, values) => OrMinusOne(encoding.SequenceIds, values)),
        new(SpecialTokensMask, Tokens, (encoding, values) => Widen(encoding.SpecialTokensMask, values)),
    ];

    /// <summary>The type of all token columns.</summary>
    public static VectorDataViewType Type { get; } = new(NumberDataViewType.Int64);

    /// <summary>Returns the columns of a tokenizer, in their order.</summary>
    public static IReadOnlyList<TokenColumn> Of(HfTokenizer tokenizer, TokenizeSettings settings) =>
    [
        .. _always,
        .. tokenizer.ModelInputNames.Contains("token_type_ids") ? [_types] : Array.Empty<TokenColumn>(),
        .. settings.Columns.Form == TextForm.Choices ? [_lengths] : Array.Empty<TokenColumn>(),
        .. _onRequest.Where(column => settings.Requested.Contains(column.Name)),
    ];

    /// <summary>Creates a getter of the values of the row that <paramref name="current"/> returns.</summary>
    public ValueGetter<VBuffer<long>> Getter(Func<TokenEncoding> current) => (ref VBuffer<long> value) =>
    {
        var encoding = current();
        var editor = VBufferEditor.Create(ref value, Size(encoding));
        Write(encoding, editor.Values);
        value = editor.Commit();
    };

    private static int Tokens(TokenEncoding encoding) => encoding.Length;

    private static void Widen(IReadOnlyList<int> numbers, Span<long> values)
    {
        for (var i = 0; i < numbers.Count; i++)
            values[i] = numbers[i];
    }

    private static void OrMinusOne(int?[] numbers, Span<long> values)
    {
        for (var i = 0; i < numbers.Length; i++)
            values[i] = numbers[i] ?? -1;
    }

    private static void Flatten((int Start, int End)[] ranges, Span<long> values)
    {
        for (var i = 0; i < ranges.Length; i++)
            (values[2 * i], values[(2 * i) + 1]) = ranges[i];
    }
}
