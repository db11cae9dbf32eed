using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>The annotations by which evaluators and tools of ML.NET recognize columns of predictions.</summary>
internal static class ScoreAnnotations
{
    public const string KeyValues = AnnotationUtils.Kinds.KeyValues, SlotNames = AnnotationUtils.Kinds.SlotNames,
        TrainingLabelValues = AnnotationUtils.Kinds.TrainingLabelValues;

    public const string MulticlassClassification = AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification,
        BinaryClassification = AnnotationUtils.Const.ScoreColumnKind.BinaryClassification, Regression = AnnotationUtils.Const.ScoreColumnKind.Regression;

    /// <summary>The kind of columns with a decision for each class, for which ML.NET has no name.</summary>
    public const string MultiLabelClassification = "MultiLabelClassification";

    public const string ScoreValue = AnnotationUtils.Const.ScoreValueKind.Score, ProbabilityValue = AnnotationUtils.Const.ScoreValueKind.Probability,
        PredictedLabelValue = AnnotationUtils.Const.ScoreValueKind.PredictedLabel;

    /// <summary>Returns the annotations of a multiclass score column for a label column.</summary>
    public static IEnumerable<SchemaShape.Column> OfMulticlassScore(SchemaShape.Column label) => AnnotationUtils.AnnotationsForMulticlassScoreColumn(label);

    /// <summary>Returns true if the slots of a vector have names.</summary>
    public static bool HasNamedSlots(this SchemaShape.Column column) => AnnotationUtils.HasSlotNames(column);

    /// <summary>Returns the names of the slots of a vector; null if they have none.</summary>
    public static IReadOnlyList<string>? SlotTexts(this DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector || !column.HasSlotNames(vector.Size))
            return null;
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>Marks a column as one of the predictions of a task, with a score set id that no column of the input has.</summary>
    /// <param name="builder">The annotations.</param>
    /// <param name="input">The schema of the data that the column is added to.</param>
    /// <param name="scoreColumnKind">The task.</param>
    /// <param name="scoreValueKind">What the column holds of it.</param>
    public static void AddScore(this DataViewSchema.Annotations.Builder builder, DataViewSchema input, string scoreColumnKind, string scoreValueKind = ScoreValue)
    {
        var set = input.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, set);
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnKind, TextDataViewType.Instance, scoreColumnKind.AsMemory());
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreValueKind, TextDataViewType.Instance, scoreValueKind.AsMemory());
        if (scoreValueKind == ProbabilityValue)
            builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
    }

    /// <summary>Describes a column of the predictions of a task.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="input">The schema of the data that it is added to.</param>
    /// <param name="scoreColumnKind">The task.</param>
    /// <param name="scoreValueKind">What the column holds of it.</param>
    /// <param name="addSlotNames">Adds the names of its slots, under the given name; null if they have none.</param>
    public static DataViewSchema.DetachedColumn Column(
        string name, DataViewType type, DataViewSchema input, string scoreColumnKind, string scoreValueKind = ScoreValue, Action<DataViewSchema.Annotations.Builder, string>? addSlotNames = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        addSlotNames?.Invoke(annotations, SlotNames);
        annotations.AddScore(input, scoreColumnKind, scoreValueKind);
        return new(name, type, annotations.ToAnnotations());
    }
}
