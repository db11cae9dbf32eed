using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>The annotations by which evaluators and tools of ML.NET recognize columns of predictions.</summary>
internal static class ScoreAnnotations
{
    public const string KeyValues = AnnotationUtils.Kinds.KeyValues, SlotNames = AnnotationUtils.Kinds.SlotNames,
        TrainingLabelValues = AnnotationUtils.Kinds.TrainingLabelValues;

    public const string MulticlassClassification = AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification;

    /// <summary>Returns the annotations of a multiclass score column for a label column.</summary>
    public static IEnumerable<SchemaShape.Column> OfMulticlassScore(SchemaShape.Column label) => AnnotationUtils.AnnotationsForMulticlassScoreColumn(label);

    /// <summary>Marks a column as the scores of a task, with a score set id that no column of the input has.</summary>
    public static void AddScore(this DataViewSchema.Annotations.Builder builder, DataViewSchema input, string scoreColumnKind)
    {
        var set = input.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, set);
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnKind, TextDataViewType.Instance, scoreColumnKind.AsMemory());
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreValueKind, TextDataViewType.Instance, AnnotationUtils.Const.ScoreValueKind.Score.AsMemory());
    }
}
