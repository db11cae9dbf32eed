using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>
/// Compares the columns of the datasets of one run. Types of columns are inferred for each file, so that one odd value makes whole numbers of a training file real numbers, or text, in
/// another.
/// </summary>
internal static class ColumnAgreement
{
    // A value may be missing in the first examples.
    private const int Examples = 16;

    /// <summary>Refuses a dataset whose columns have other types than the training data; datasets that may take long to read are not compared. For a model that does not name its inputs, it is a warning.</summary>
    /// <param name="training">The training data; null if there is none.</param>
    /// <param name="other">Another dataset of the run.</param>
    /// <param name="name">The name of the other dataset, for messages.</param>
    /// <param name="model">The model.</param>
    /// <param name="logger">Takes warnings.</param>
    /// <exception cref="InvalidDataException">A column that the model reads has another type.</exception>
    public static void Check(Dataset? training, Dataset other, string name, ITrainableModel model, ILogger logger)
    {
        if (training?.KnownCount is null or 0 || other.KnownCount is null or 0 || ReferenceEquals(training, other) || training.MayStall || other.MayStall)
            return;
        var (expected, found) = (Kinds(training), Kinds(other));
        foreach (var column in expected.Keys.Where(found.ContainsKey).Where(column => expected[column] != found[column] && Matters(column, expected[column], found[column], model)))
        {
            var message = $"The column '{column}' holds {expected[column]} in {Place(training, "the training data")} and {found[column]} in {Place(other, name)}; it should hold the same in both. " +
                $"For files, {nameof(DataFileOptions)}.{nameof(DataFileOptions.Types)} sets the type of a column and finds the line of a value that is not of it.";
            if (model.InputNames is not null)
                throw new InvalidDataException(message);
            logger.Warning(message);
        }
    }

    private static Dictionary<string, string> Kinds(Dataset data)
    {
        var kinds = new Dictionary<string, string>();
        for (var i = 0; i < Math.Min(Examples, data.Count); i++)
            foreach (var (column, value) in data[i])
                if (value.Length > 0)
                    kinds.TryAdd(column, value.IsText ? "text" : value.IsInteger ? "whole numbers" : "real numbers");
        return kinds;
    }

    // Whole numbers are real numbers too where a number is predicted.
    private static bool Matters(string column, string expected, string found, ITrainableModel model)
    {
        var isLabel = Batch.OtherLabelNames.Contains(column) || model.LabelNames.Contains(column);
        if (model.InputNames is { } inputs && !isLabel && !inputs.Contains(column))
            return false;
        var predictsNumbers = model.ProblemType is ProblemType.Regression or ProblemType.MultiLabelClassification || model.Config is { Labels.Count: 1 };
        return !(isLabel && predictsNumbers && expected != "text" && found != "text");
    }

    private static string Place(Dataset data, string name) => data.Source is { } source ? $"{name} ('{source}')" : name;
}
