namespace Microsoft.ML.HfTrainer;

/// <summary>One training of a search: what was chosen for it.</summary>
public sealed class Trial
{
    private readonly Func<string, SearchDistribution, object?> _choose;
    private readonly OrderedDictionary<string, object?> _parameters = [];

    internal Trial(int number, TrainingArguments arguments, Func<string, SearchDistribution, object?> choose) =>
        (Number, Arguments, _choose) = (number, arguments, choose);

    /// <summary>The trial's number, from 0.</summary>
    public int Number { get; }

    /// <summary>The name of the trial's folder in the search's output folder: <c>run-0</c> and so on.</summary>
    public string Name => TrialResult.NameOf(Number);

    /// <summary>The settings that the trial is trained with; a copy that may be changed.</summary>
    public TrainingArguments Arguments { get; }

    /// <summary>What was chosen so far, by name.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _parameters;

    /// <summary>Chooses a value. A name that was asked for before has the value that was chosen then.</summary>
    /// <param name="name">The parameter; it need not be an argument's name.</param>
    /// <param name="distribution">What it may be.</param>
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

    /// <summary>Chooses a whole number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public int SuggestInteger(string name, int low, int high, int step = 1, bool isLog = false) =>
        (int)Suggest(name, new IntegerRange(low, high, step, isLog))!;

    /// <summary>Chooses one of several values.</summary>
    public T SuggestChoice<T>(string name, params IReadOnlyList<T> choices) => (T)Suggest(name, new SearchChoices([.. choices.Select(c => (object?)c)]))!;
}
