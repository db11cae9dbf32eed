using Microsoft.ML.HfTrainer.Estimators.Tasks;

namespace Microsoft.ML.HfTrainer.Estimators.Labels;

/// <summary>A column of the class of each row, read as the index of the class.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="label">The classes.</param>
internal sealed class KeyLabelColumn(string name, KeyLabel label) : ValueColumn(name, Batch.Labels)
{
    public override string Kind => "label column";

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        var read = label.Reader(source.Host, row, column);
        return number => read() is { Index: var index } found && index >= 0 ? index : throw source.Host.Mark(label.Refuse(source.NameOf(number), column.Name, found));
    }
}
