using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Compares schemas: names, order, types, and the annotations that ML.NET itself reads.</summary>
internal static class SchemaComparer
{
    public static void AssertSame(DataViewSchema expected, DataViewSchema actual)
    {
        Assert.HasCount(expected.Count, actual.ToList());
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.AreEqual(e.Name, a.Name);
            Assert.AreEqual(e.IsHidden, a.IsHidden);
            Assert.AreEqual(e.Type, a.Type, e.Name);
            CollectionAssert.AreEqual(e.Annotations.Schema.Select(c => c.Name).ToList(), a.Annotations.Schema.Select(c => c.Name).ToList(), e.Name);
            foreach (var kind in new[] { "SlotNames", "KeyValues", "TrainingLabelValues" })
                CollectionAssert.AreEqual(Values(e, kind), Values(a, kind), $"{e.Name} {kind}");
            Assert.IsNull(a.Annotations.Schema.GetColumnOrNull("PurpleDragonScales"));
            var nothing = 0f;
            Assert.ThrowsExactly<InvalidOperationException>(() => a.Annotations.GetValue("PurpleDragonScales", ref nothing));
        }
    }

    /// <summary>The values of an annotation as text; empty where there is none.</summary>
    public static List<string> Values(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { } annotation)
            return [];
        var getter = (Func<DataViewSchema.Annotations, string, List<string>>)(annotation.Type switch
        {
            VectorDataViewType { ItemType: TextDataViewType } => Read<ReadOnlyMemory<char>>,
            VectorDataViewType { RawType: var raw } when raw == typeof(VBuffer<float>) => Read<float>,
            VectorDataViewType { RawType: var raw } when raw == typeof(VBuffer<int>) => Read<int>,
            _ => throw new NotSupportedException(annotation.Type.ToString()),
        });
        return getter(column.Annotations, kind);
    }

    private static List<string> Read<T>(DataViewSchema.Annotations annotations, string kind)
    {
        var values = default(VBuffer<T>);
        annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => value!.ToString()!)];
    }
}
