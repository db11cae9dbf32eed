using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The texts of a row.</summary>
/// <param name="First">The text: one string, or its words.</param>
/// <param name="Second">The second text of a pair, likewise, or the choices, or the roles of messages; null for single texts.</param>
/// <param name="AreWords">true if the strings are words.</param>
/// <param name="Form">What the columns hold.</param>
internal readonly record struct RowTexts(string[] First, string[]? Second, bool AreWords, TextForm Form)
{
    private delegate string[] TextReader();

    /// <summary>true if one of the texts is empty.</summary>
    public bool HasEmpty => IsEmpty(First) || (Second is not null && IsEmpty(Second));

    /// <summary>The number of characters of the texts.</summary>
    public long Length => LengthOf(First) + (Second is null ? 0 : LengthOf(Second));

    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="options">How to encode.</param>
    /// <param name="settings">What happens to a text before: of a pair, only the first one has a prefix.</param>
    public TokenEncoding Encode(HfTokenizer tokenizer, EncodeOptions options, TokenizeSettings settings)
    {
        var (row, text, first, second) = (this, settings.Prepare(First is [var only, ..] ? only : ""), settings.Lowered(First)!, settings.Lowered(Second));
        return Form switch
        {
            TextForm.Choices => TokenEncoding.Concatenated(tokenizer, Array.ConvertAll(second!, choice => tokenizer.Encode(text, choice, options))),
            TextForm.Chat => ChatRow.Of(row, tokenizer, settings).Encoding,
            TextForm.SplitAtSpaces => new SplitText(first[0]).EncodeWith(second is [var other] ? new SplitText(other) : null, tokenizer, options),
            _ when !AreWords => tokenizer.Encode(text, second?[0], options),
            _ when settings.TextPrefix.Length == 0 => tokenizer.EncodeWords(first, second, options),
            _ => throw new ArgumentException($"{settings.PrefixSource} ('{settings.TextPrefix}') is put before texts, and the column holds words; give a column of texts."),
        };
    }

    /// <summary>Returns true if a row has the same texts as another one that the same <see cref="Reader"/> read.</summary>
    public bool IsSameAs(RowTexts other) => ReferenceEquals(First, other.First) && ReferenceEquals(Second, other.Second);

    /// <summary>Creates a reader of the texts of the row that <paramref name="row"/> is at. It returns the same arrays again if the texts have not changed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="form">What they hold.</param>
    public static Func<RowTexts> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, TextForm form)
    {
        var areWords = columns[0].Type is VectorDataViewType;
        var (first, second) = (Read(row, columns[0]), columns.Count > 1 ? Read(row, columns[1]) : null);
        return () => new RowTexts(first(), second?.Invoke(), areWords, form);
    }

    private static TextReader Read(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType
        ? ReadWords(row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column))
        : ReadText(row.GetGetter<ReadOnlyMemory<char>>(column));

    private static TextReader ReadText(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        var (text, last) = (default(ReadOnlyMemory<char>), default(string[]));
        return () =>
        {
            getter(ref text);
            return last is not null && text.Span.SequenceEqual(last[0]) ? last : last = [text.ToString()];
        };
    }

    private static TextReader ReadWords(ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter)
    {
        var (words, last) = (default(VBuffer<ReadOnlyMemory<char>>), default(string[]));
        return () =>
        {
            getter(ref words);
            return last is not null && AreSame(in words, last) ? last : last = [.. words.DenseValues().Select(word => word.ToString())];
        };
    }

    private static bool AreSame(in VBuffer<ReadOnlyMemory<char>> words, string[] last)
    {
        if (!words.IsDense || words.Length != last.Length)
            return false;
        var values = words.GetValues();
        for (var i = 0; i < last.Length; i++)
            if (!values[i].Span.SequenceEqual(last[i]))
                return false;
        return true;
    }

    private static bool IsEmpty(string[] parts) => Array.TrueForAll(parts, part => part.Length == 0);

    private static long LengthOf(string[] parts)
    {
        var length = 0L;
        foreach (var part in parts)
            length += part.Length;
        return length;
    }
}
