using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>A column of a key for each word, or for each entity.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="classes">The classes.</param>
/// <param name="first">The index of the first class.</param>
/// <param name="missing">The index that stands for a missing key; null if none may be missing.</param>
internal sealed class KeysColumn(string name, KeyLabel classes, int first = 0, int? missing = null) : ValueColumn(name, Batch.Labels)
{
    /// <summary>true to take a value that is none of the classes for a missing key.</summary>
    public bool TakesUnknown { get; init; }

    public override string Kind => "label column";

    /// <summary>Checks that a label column is there and is a vector of keys.</summary>
    public static SchemaShape.Column Check(MlHost host, SchemaShape shape, string name)
    {
        var column = ColumnNames.Find(host, shape, "label column", name);
        return column.Kind != SchemaShape.Column.VectorKind.Scalar && column.IsKey && column.ItemType == NumberDataViewType.UInt32
            ? column
            : throw host.SchemaError(
                $"The label column '{name}' is {column.TypeText()}; it should be a vector of keys (Vector<Key<UInt32>>), one for each label: put " +
                $"mlContext.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer, over a vector of texts.");
    }

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        var read = classes.VectorReader(source.Host, row, column);
        return number =>
        {
            var found = read();
            return Array.FindIndex(found, label => label.Index < 0 && (missing is null || (label.Unknown is not null && !TakesUnknown))) is >= 0 and var place
                ? throw source.Host.Mark(classes.Refuse(source.NameOf(number), column.Name, found[place], place))
                : Array.ConvertAll(found, label => label.Index < 0 ? missing!.Value : label.Index + first);
        };
    }
}

/// <summary>The text column, of which only the size is read: its number of words, or of characters. Data may lack it.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="countsWords">true to count the words of a text, which are separated by white space.</param>
internal sealed class TextSizeColumn(string name, bool countsWords) : ValueColumn(name, TextSize)
{
    public const string TextSize = "text_size";

    public override string Kind => "text column";

    public override bool IsOptional => true;

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if ((column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) is not TextDataViewType)
            throw source.Unlike(Kind, column, $"{TextDataViewType.Instance}, or a vector of it");
        if (column.Type is VectorDataViewType)
        {
            var (getter, words) = (row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column), default(VBuffer<ReadOnlyMemory<char>>));
            return _ =>
            {
                getter(ref words);
                return words.Length;
            };
        }
        var (textGetter, text) = (row.GetGetter<ReadOnlyMemory<char>>(column), default(ReadOnlyMemory<char>));
        return _ =>
        {
            textGetter(ref text);
            return countsWords ? new SplitText(text.ToString()).Count : text.Length;
        };
    }
}
