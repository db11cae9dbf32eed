using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Choices;

/// <summary>The form of the label of multiple choice and of the columns that are predicted: keys, or indices.</summary>
internal abstract class ChoiceLabel
{
    private const string Kind = "label column";

    /// <summary>The maximum number of choices of a row.</summary>
    public abstract int MaxChoices { get; }

    /// <summary>Creates the column that training reads.</summary>
    public abstract ValueColumn Column(string name);

    /// <summary>Describes the columns of the best choice and of the probabilities of all.</summary>
    public abstract IReadOnlyList<OutputColumn<float[]>> Outputs(string predicted, string score, DataViewSchema input);

    public abstract void Write(ArchiveWriter archive);

    public static ChoiceLabel Read(ArchiveReader archive) => archive.ReadInt() == 1 ? new ChoiceKeys(KeyLabel.Read(archive)) : new ChoiceIndices();

    /// <summary>Reads the form of a label column.</summary>
    /// <exception cref="ArgumentException">The keys are not in the order of their values, which is that of the choices.</exception>
    public static ChoiceLabel Of(MlHost host, DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType)
            return new ChoiceIndices();
        var keys = KeyLabel.Of(host, column);
        return keys.Names is { } names && !AreSorted(names) ? throw host.Mark(new ArgumentException(
            $"The keys of the label column '{column.Name}' stand for {string.Join(", ", names)}, in the order in which they occur; the first key has to be that of the first choice: give MapValueToKey " +
            "keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue.")) : new ChoiceKeys(keys);
    }

    /// <summary>Checks the label column and returns the shapes of the columns that are predicted.</summary>
    public static IEnumerable<SchemaShape.Column> Check(MlHost host, SchemaShape shape, string name, string predicted, string score)
    {
        var column = ColumnNames.Find(host, shape, Kind, name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar && column.IsKey && column.ItemType == NumberDataViewType.UInt32)
            return [KeyLabel.PredictedShape(predicted, column), KeyLabel.ScoreShape(score, column)];
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Int32)
            return
            [
                SchemaShapes.Column(predicted, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Int32),
                SchemaShapes.Column(score, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Single),
            ];
        throw host.SchemaError(
            $"The {Kind} '{name}' is {column.TypeText()}; it should be the index of the right choice from 0 (Int32), or a key (Key<UInt32>), of which the first one is that of the first choice.");
    }

    private static bool AreSorted(IReadOnlyList<string> names)
    {
        var numbers = names.Select(name => double.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToList();
        return numbers.Exists(double.IsNaN) ? names.SequenceEqual(names.Order(StringComparer.Ordinal)) : numbers.SequenceEqual(numbers.Order());
    }

    // A key for each choice, with the KeyValues of the label. The scores have one place for each key, so that the evaluators of ML.NET take them.
    private sealed class ChoiceKeys(KeyLabel keys) : ChoiceLabel
    {
        public override int MaxChoices => keys.Count;

        public override ValueColumn Column(string name) => new KeyLabelColumn(name, keys);

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(string predicted, string score, DataViewSchema input) =>
        [
            OutputColumn<float[]>.Scalar(keys.PredictedColumn(predicted), BestScore.KeyOf),
            OutputColumn<float[]>.Vector<float>(keys.ScoreColumn(score, input), scores => [.. scores, .. new float[keys.Count - scores.Length]]),
        ];

        public override void Write(ArchiveWriter archive)
        {
            archive.Write(1);
            keys.Write(archive);
        }
    }

    // The index of the choice, of any number of them.
    private sealed class ChoiceIndices : ChoiceLabel
    {
        public override int MaxChoices => int.MaxValue;

        public override ValueColumn Column(string name) => new IndexColumn(name);

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(string predicted, string score, DataViewSchema input) =>
        [
            OutputColumn<float[]>.Scalar(new(predicted, NumberDataViewType.Int32), BestScore.IndexOf),
            OutputColumn<float[]>.Vector(new(score, new VectorDataViewType(NumberDataViewType.Single)), scores => scores),
        ];

        public override void Write(ArchiveWriter archive) => archive.Write(0);
    }

    private sealed class IndexColumn(string name) : ValueColumn(name, Batch.Labels)
    {
        public override string Kind => ChoiceLabel.Kind;

        public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
        {
            if (column.Type != NumberDataViewType.Int32)
                throw source.Unlike(Kind, column, "Int32");
            var (getter, index) = (row.GetGetter<int>(column), 0);
            return _ =>
            {
                getter(ref index);
                return index;
            };
        }
    }
}
