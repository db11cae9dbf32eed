namespace Microsoft.ML.HfTrainer;

/// <summary>A trial of a hyperparameter search: one training run with the hyperparameters chosen for it.</summary>
public sealed class Trial
{
    private readonly Func<string, SearchDistribution, object?> _choose;
    private readonly OrderedDictionary<string, object?> _parameters = [];

    internal Trial(int number, TrainingArguments arguments, Func<string, SearchDistribution, object?> choose) =>
        (Number, Arguments, _choose) = (number, arguments, choose);

    /// <summary>Gets the number of the trial, from 0.</summary>
    public int Number { get; }

    /// <summary>Gets the name of the trial's folder in the output folder of the search: <c>run-0</c> and so on.</summary>
    public string Name => TrialResult.NameOf(Number);

    /// <summary>Gets the arguments of the trial, a copy that may be modified.</summary>
    public TrainingArguments Arguments { get; }

    /// <summary>Gets the values chosen so far, by name.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _parameters;

    /// <summary>Chooses a value. If a value was already chosen under the name, it is returned again.</summary>
    /// <param name="name">The name of the hyperparameter, which need not be that of an argument.</param>
    /// <param name="distribution">The distribution of its values.</param>
    public object? Suggest(string name, SearchDistribution distribution)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(distribution);
        if (!_parameters.TryGetValue(name, out var value))
            _parameters[name] = value = _choose(name, distribution);
        return value;
    }

    /// <summary>Chooses a number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public double SuggestNumber(string name, double low, double high, double? step = null, bool isLog = false) =>
        (double)Suggest(name, new NumberRange(low, high, step, isLog))!;

    /// <summary>Chooses an integer from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public int SuggestInteger(string name, int low, int high, int step = 1, bool isLog = false) =>
        (int)Suggest(name, new IntegerRange(low, high, step, isLog))!;

    /// <summary>Chooses one of several values.</summary>
    public T SuggestChoice<T>(string name, params IReadOnlyList<T> choices) => (T)Suggest(name, new SearchChoices([.. choices.Select(c => (object?)c)]))!;
}
