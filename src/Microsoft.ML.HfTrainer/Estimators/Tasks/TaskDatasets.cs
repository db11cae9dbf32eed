namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>The examples of the training data and of the validation sets, which share one memory budget.</summary>
internal sealed class TaskDatasets : IDisposable
{
    private readonly Dictionary<string, Dataset> _validations = [];

    public TaskDatasets(TaskData data, IDataView input, RowSource source, HfTrainerOptions options)
    {
        try
        {
            Training = data.Read(input, source);
            if (options.ValidationSet is { } view)
                Validation = data.ReadValidation(view, source with { Name = "the validation set" });
            foreach (var (name, set) in options.ValidationSets)
                _validations[name] = data.ReadValidation(set, source with { Name = $"the validation set '{name}'" });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Dataset Training { get; } = null!;

    /// <summary>Gets the single validation set; null if there is none, or if there are several by name.</summary>
    public Dataset? Validation { get; }

    /// <summary>Gets the validation sets by name; null if there are none.</summary>
    public IReadOnlyDictionary<string, Dataset>? Validations => _validations.Count > 0 ? _validations : null;

    public void Dispose()
    {
        Training?.Dispose();
        Validation?.Dispose();
        foreach (var set in _validations.Values)
            set.Dispose();
    }
}
