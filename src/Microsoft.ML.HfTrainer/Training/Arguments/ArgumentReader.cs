namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Builds arguments from names and values. Faults are collected, so that all are reported at once.</summary>
/// <param name="show">Formats a name for messages, such as with its file or as an option.</param>
internal sealed class ArgumentReader(Func<string, string> show)
{
    private readonly Dictionary<string, GivenValue> _given = [];
    private readonly List<ArgumentFault> _faults = [];
    private readonly List<string> _warnings = [];

    /// <summary>Adds an argument; the last of several with the same name wins.</summary>
    public void Add(string name, GivenValue value) => _given[name] = value;

    public void AddFault(string name, ArgumentFaultKind kind, string message) => _faults.Add(new ArgumentFault(name, kind, message));

    /// <summary>Adds the fault of an unknown name, with the most similar known one.</summary>
    public void AddUnknown(string name, string shown) =>
        AddFault(name, ArgumentFaultKind.Unknown, $"{shown} is not an argument of {nameof(TrainingArguments)}. Did you mean '{ArgumentName.Nearest(name, ArgumentField.All.Select(field => field.Name))}'?");

    /// <summary>Returns the arguments.</summary>
    /// <exception cref="InvalidArgumentsException">An argument is unknown, not supported, or has an invalid value.</exception>
    public TrainingArguments Finish()
    {
        var arguments = new TrainingArguments();
        foreach (var field in ArgumentField.All.Where(field => _given.ContainsKey(field.Name) && !OlderName.All.Any(older => older.Name == field.Name)))
            Set(arguments, field, _given[field.Name]);
        foreach (var older in OlderName.All.Where(older => _given.ContainsKey(older.Name)))
            Set(arguments, older, _given[older.Name]);
        foreach (var foreign in ForeignArgument.All.Where(foreign => _given.TryGetValue(foreign.Name, out var value) && foreign.Refuses(value)))
            AddFault(foreign.Name, ArgumentFaultKind.Refused, $"{show(foreign.Name)} is {_given[foreign.Name].Shown}, which is not supported: {foreign.Reason}.");
        foreach (var name in _given.Keys.Where(name => !IsKnown(name)))
            AddUnknown(name, show(name));
        if (_faults.Count > 0)
            throw new InvalidArgumentsException(_faults);
        arguments.AddWarnings(_warnings);
        return arguments;
    }

    private static bool IsKnown(string name) =>
        ArgumentField.All.Any(field => field.Name == name) || OlderName.All.Any(older => older.Name == name) || ForeignArgument.All.Any(foreign => foreign.Name == name);

    private void Set(TrainingArguments arguments, ArgumentField field, GivenValue value)
    {
        if (value.IsNull && field.CanBeNull && field.NullValue is null)
            return;
        try
        {
            field.Set(arguments, value.IsNull && field.CanBeNull ? field.NullValue : value.As(field.Type));
        }
        catch (FormatException)
        {
            AddWrongValue(field.Name, value, field.Type.Expected);
        }
    }

    private void Set(TrainingArguments arguments, OlderName older, GivenValue value)
    {
        if (value.IsNull)
            return;
        var field = ArgumentField.All.Single(field => field.Name == older.NewName);
        try
        {
            if (value.As(older.Type) is not { } read || older.Translate(read) is not { } translated || Equals(translated, field.Default))
                return;
            if (!Equals(field.Get(arguments), field.Default))
            {
                _warnings.Add($"{show(older.Name)} is ignored: it is the older name of '{older.NewName}', which is given too.");
                return;
            }
            field.Set(arguments, translated);
            _warnings.Add(older.Name == older.NewName
                ? $"{show(older.Name)} is used, but later versions of Hugging Face Transformers replace it by the environment variable TENSORBOARD_LOGGING_DIR."
                : $"{show(older.Name)} is a deprecated name; it is read as '{older.NewName}': {field.Show(translated)}.");
        }
        catch (FormatException)
        {
            AddWrongValue(older.Name, value, older.Type.Expected);
        }
    }

    private void AddWrongValue(string name, GivenValue value, string expected) =>
        AddFault(name, ArgumentFaultKind.WrongValue, $"{show(name)} is {value.Shown}; it should be {expected}.");
}
