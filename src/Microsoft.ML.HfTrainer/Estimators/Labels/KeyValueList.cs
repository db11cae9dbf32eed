using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Labels;

/// <summary>The values that the keys of a column stand for.</summary>
internal abstract class KeyValueList(VectorDataViewType type)
{
    /// <summary>Gets the type of the annotation that holds them.</summary>
    public VectorDataViewType Type { get; } = type;

    public abstract IReadOnlyList<string> Texts { get; }

    /// <summary>Adds the values to annotations.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string kind);

    /// <summary>Creates a reader of classes from a column of such values.</summary>
    public abstract Func<FoundClass> Reader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Creates a reader of classes from a column of vectors of such values.</summary>
    public abstract Func<FoundClass[]> VectorReader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Returns the class of each of other key values.</summary>
    public abstract FoundClass[] Find(KeyValueList others);

    public abstract void Write(ArchiveWriter archive);

    public static KeyValueList? Of(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(ScoreAnnotations.KeyValues)?.Type is VectorDataViewType { IsKnownSize: true } type
            ? Make(type, column.Annotations)
            : null;

    /// <summary>Creates a list of texts.</summary>
    public static KeyValueList OfTexts(IReadOnlyCollection<string> texts) => new KeyValueList<ReadOnlyMemory<char>>(
        new VectorDataViewType(TextDataViewType.Instance, texts.Count), new VBuffer<ReadOnlyMemory<char>>(texts.Count, [.. texts.Select(text => text.AsMemory())]));

    public static KeyValueList Read(ArchiveReader archive)
    {
        var (type, value) = archive.ReadValue();
        return Make((VectorDataViewType)type, value);
    }

    private static KeyValueList Make(VectorDataViewType type, object source) =>
        (KeyValueList)Activator.CreateInstance(typeof(KeyValueList<>).MakeGenericType(type.ItemType.RawType), type, source)!;
}

/// <inheritdoc/>
internal sealed class KeyValueList<T> : KeyValueList
{
    private readonly T[] _values;
    private readonly Dictionary<object, int> _indices = [];

    public KeyValueList(VectorDataViewType type, DataViewSchema.Annotations annotations) : this(type, ValueOf(annotations))
    {
    }

    public KeyValueList(VectorDataViewType type, VBuffer<T> values) : base(type)
    {
        _values = [.. values.DenseValues()];
        for (var i = 0; i < _values.Length; i++)
            _indices.TryAdd(Comparable(_values[i]), i);
    }

    public override IReadOnlyList<string> Texts => Array.ConvertAll(_values, TextOf);

    public override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) =>
        builder.Add(kind, Type, (ref VBuffer<T> values) => new VBuffer<T>(_values.Length, _values).CopyTo(ref values));

    public override Func<FoundClass> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return Find(value);
        };
    }

    public override Func<FoundClass[]> VectorReader(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var values = default(VBuffer<T>);
        return () =>
        {
            getter(ref values);
            return [.. values.DenseValues().Select(Find)];
        };
    }

    public override FoundClass[] Find(KeyValueList others) =>
        others is KeyValueList<T> same ? Array.ConvertAll(same._values, Find) : [.. others.Texts.Select(text => new FoundClass(-1, text))];

    public override void Write(ArchiveWriter archive) => archive.Write(Type, new VBuffer<T>(_values.Length, _values));

    // ML.NET takes an empty text, and what is not a number, for a missing value.
    private FoundClass Find(T value) => Comparable(value) switch
    {
        var known when _indices.TryGetValue(known, out var index) => new(index),
        "" or float.NaN or double.NaN => FoundClass.Missing,
        _ => new(-1, TextOf(value)),
    };

    private static string TextOf(T value) => Convert.ToString(Comparable(value), CultureInfo.InvariantCulture)!;

    // Text compares by what it refers to, not by what it says.
    private static object Comparable(T value) => value is ReadOnlyMemory<char> text ? text.ToString() : value!;

    private static VBuffer<T> ValueOf(DataViewSchema.Annotations annotations)
    {
        var values = default(VBuffer<T>);
        annotations.GetValue(ScoreAnnotations.KeyValues, ref values);
        return values;
    }
}
