using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>A column of labels that are true or false, read as 1 or 0.</summary>
internal sealed class DecisionColumn(string name) : ValueColumn(name, Batch.Labels)
{
    public override string Kind => "label column";

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not BooleanDataViewType)
            throw source.Unlike(Kind, column, BooleanDataViewType.Instance.ToString());
        var (getter, value) = (row.GetGetter<bool>(column), false);
        return _ =>
        {
            getter(ref value);
            return value;
        };
    }
}

/// <summary>A column of labels that are numbers.</summary>
internal sealed class NumberColumn(string name) : ValueColumn(name, Batch.Labels)
{
    public override string Kind => "label column";

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if (!column.Type.Equals(NumberDataViewType.Single))
            throw source.Unlike(Kind, column, NumberDataViewType.Single.ToString());
        var (getter, value) = (row.GetGetter<float>(column), 0f);
        return number =>
        {
            getter(ref value);
            return float.IsFinite(value) ? value : throw source.Host.Mark(new InvalidDataException(
                FormattableString.Invariant($"{source.NameOf(number)} has the label {value} in '{column.Name}'; it should be a number. Filter the row out if it is missing.")));
        };
    }
}

/// <summary>A column of vectors with a decision for each class, true or false, or 1 or 0.</summary>
internal sealed class DecisionsColumn(string name, int count) : ValueColumn(name, Batch.Labels)
{
    public override string Kind => "label column";

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column) => (column.Type as VectorDataViewType)?.ItemType switch
    {
        BooleanDataViewType => Reader<bool>(source, row, column, value => value ? 1 : 0),
        { } type when type.Equals(NumberDataViewType.Single) => Reader<float>(source, row, column, value => value),
        _ => throw source.Unlike(Kind, column, new VectorDataViewType(BooleanDataViewType.Instance, count).ToString()),
    };

    private Func<long, Feature> Reader<T>(RowSource source, DataViewRow row, DataViewSchema.Column column, Converter<T, float> number)
    {
        var (getter, values) = (row.GetGetter<VBuffer<T>>(column), default(VBuffer<T>));
        return position =>
        {
            getter(ref values);
            var decisions = Array.ConvertAll(values.DenseValues().ToArray(), number);
            if (decisions.Length != count)
                throw source.Host.Mark(new InvalidDataException(
                    $"{source.NameOf(position)} has {decisions.Length} values in '{column.Name}', and the training data has {count} classes; there should be one value for each."));
            return Array.FindIndex(decisions, value => value is not (0 or 1)) is >= 0 and var wrong
                ? throw source.Host.Mark(new InvalidDataException(
                    FormattableString.Invariant($"{source.NameOf(position)} has {decisions[wrong]} as value {wrong + 1} of '{column.Name}'; with several classes for each text, each is 0 or 1.")))
                : decisions;
        };
    }
}
