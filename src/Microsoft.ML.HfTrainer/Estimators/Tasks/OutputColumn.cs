using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>A column that a task adds to data.</summary>
/// <param name="Column">Its name, type and annotations.</param>
/// <param name="Getter">Creates its getter, a <see cref="ValueGetter{TValue}"/>, over the result of the current row.</param>
internal sealed record OutputColumn<TResult>(DataViewSchema.DetachedColumn Column, Func<Func<TResult>, Delegate> Getter)
{
    /// <summary>A column of single values.</summary>
    public static OutputColumn<TResult> Scalar<TValue>(DataViewSchema.DetachedColumn column, Func<TResult, TValue> value) => new(
        column, current => (ValueGetter<TValue>)((ref TValue result) => result = value(current())));

    /// <summary>A column of vectors.</summary>
    public static OutputColumn<TResult> Vector<TValue>(DataViewSchema.DetachedColumn column, Func<TResult, TValue[]> values) => new(
        column, current => (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> result) =>
        {
            var found = values(current());
            new VBuffer<TValue>(found.Length, found).CopyTo(ref result);
        }));
}
