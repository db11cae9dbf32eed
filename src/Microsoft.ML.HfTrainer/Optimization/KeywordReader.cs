using System.Collections;
using System.Globalization;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>Reads the additional settings of one optimizer or schedule, and refuses those that are never read.</summary>
/// <param name="options">The settings.</param>
/// <param name="argument">The name of the training argument that holds them, for error messages.</param>
/// <param name="user">The optimizer or schedule, for error messages.</param>
internal sealed class KeywordReader(KeywordArguments options, string argument, string user)
{
    private readonly List<string> _known = [];

    public static KeywordReader OfSchedule(KeywordArguments? options, string name) =>
        new(options ?? [], nameof(ScheduleSettings.LrSchedulerKwargs), $"the schedule '{name}'");

    public static KeywordReader OfOptimizer(string? options, string name) =>
        new(KeywordArguments.Parse(options, nameof(OptimizerSettings.OptimArgs)), nameof(OptimizerSettings.OptimArgs), $"the optimizer '{name}'");

    public double Number(string name, double otherwise) => options.Number(Known(name), otherwise);

    public double? Number(string name) => Has(name) ? options.Number(name, 0) : null;

    public int Integer(string name, int otherwise) => options.Integer(Known(name), otherwise);

    public int? Integer(string name) => Has(name) ? options.Integer(name, 0) : null;

    public bool Flag(string name, bool otherwise) => options.Flag(Known(name), otherwise);

    public string Text(string name, string otherwise) => options.Text(Known(name), otherwise);

    /// <summary>Returns one number per parameter group, from a list or from one number for all groups. Without groups, a list of any length is accepted.</summary>
    public double[] Numbers(string name, int groups, double otherwise)
    {
        if (!options.TryGetValue(Known(name), out var value) || value is string or not IEnumerable)
            return [.. Enumerable.Repeat(options.Number(name, otherwise), groups)];
        double[] numbers = [.. ((IEnumerable)value).Cast<object>().Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))];
        return groups == 0 || numbers.Length == groups ? numbers : throw new ArgumentException($"TrainingArguments.{argument} has {numbers.Length} values for '{name}'; it should have one, or {groups}: one for each parameter group.", argument);
    }

    /// <summary>Accepts a setting that has no effect.</summary>
    public void Ignore(string name) => Known(name);

    /// <summary>Returns a required setting.</summary>
    /// <exception cref="ArgumentException">The setting is missing.</exception>
    public int Required(string name) =>
        Integer(name) ?? throw new ArgumentException($"TrainingArguments.{argument} lacks '{name}', which {user} needs.", argument);

    /// <summary>Creates an exception about the settings.</summary>
    public ArgumentException Wrong(string what) => new($"TrainingArguments.{argument} of {user}: {what}", argument);

    /// <summary>Throws if there is a setting that was never read.</summary>
    public void RefuseOthers()
    {
        if (options.Keys.FirstOrDefault(name => !_known.Contains(name)) is not { } unknown)
            return;
        throw new ArgumentException(
            _known.Count == 0
                ? $"TrainingArguments.{argument} has '{unknown}', but {user} takes no settings."
                : $"TrainingArguments.{argument} has '{unknown}', which {user} does not take. Did you mean '{_known.MinBy(known => NamedChoice.Distance(known, unknown))}'? It takes: {string.Join(", ", _known)}.",
            argument);
    }

    /// <summary>Refuses settings that were never read, and returns the value made from the others.</summary>
    public T Done<T>(T value)
    {
        RefuseOthers();
        return value;
    }

    private bool Has(string name) => options.TryGetValue(Known(name), out var value) && value is not null;

    private string Known(string name)
    {
        _known.Add(name);
        return name;
    }
}
