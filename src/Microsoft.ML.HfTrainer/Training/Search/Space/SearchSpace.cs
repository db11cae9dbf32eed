using System.Globalization;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The arguments that a search varies between trials, by their names (<c>learning_rate</c> or <c>LearningRate</c>), with the distributions of their values.
/// </summary>
public sealed class SearchSpace
{
    private readonly List<Action<Trial>> _choices = [];

    /// <summary>
    /// Gets the default space of the Hugging Face Trainer: a learning rate from 1e-6 to 1e-4 (logarithmic), 1 to 5 epochs, a seed from 1 to 40, and batches of 4, 8, 16, 32 or 64.
    /// </summary>
    public static SearchSpace Default => new SearchSpace()
        .LogUniform("learning_rate", 1e-6, 1e-4)
        .Integer("num_train_epochs", 1, 5)
        .Integer("seed", 1, 40)
        .Categorical("per_device_train_batch_size", 4, 8, 16, 32, 64);

    /// <summary>Adds a uniformly distributed number.</summary>
    /// <param name="argument">The name of the argument.</param>
    /// <param name="low">The lowest number.</param>
    /// <param name="high">The highest number, included.</param>
    /// <param name="step">The distance between two numbers; null for a continuous range.</param>
    /// <exception cref="ArgumentException">There is no such argument, it is not a number, or the range is invalid.</exception>
    public SearchSpace Uniform(string argument, double low, double high, double? step = null) => Add(argument, new NumberRange(low, high, step));

    /// <summary>Adds a logarithmically distributed number: all orders of magnitude are equally likely.</summary>
    /// <param name="argument">The name of the argument.</param>
    /// <param name="low">The lowest number, above 0.</param>
    /// <param name="high">The highest number, included.</param>
    /// <exception cref="ArgumentException">There is no such argument, it is not a number, or the range is invalid.</exception>
    public SearchSpace LogUniform(string argument, double low, double high) => Add(argument, new NumberRange(low, high, isLog: true));

    /// <summary>Adds an integer.</summary>
    /// <param name="argument">The name of the argument.</param>
    /// <param name="low">The lowest number.</param>
    /// <param name="high">The highest number, included.</param>
    /// <param name="step">The distance between two numbers.</param>
    /// <param name="isLog">true for a logarithmic distribution.</param>
    /// <exception cref="ArgumentException">There is no such argument, it is not a number, or the range is invalid.</exception>
    public SearchSpace Integer(string argument, int low, int high, int step = 1, bool isLog = false) => Add(argument, new IntegerRange(low, high, step, isLog));

    /// <summary>Adds a choice of several values.</summary>
    /// <param name="argument">The name of the argument.</param>
    /// <param name="choices">The values.</param>
    /// <exception cref="ArgumentException">There is no such argument, or it cannot have one of the values.</exception>
    public SearchSpace Categorical<T>(string argument, params IReadOnlyList<T> choices) =>
        Add(argument, new SearchChoices([.. choices.Select(c => (object?)c)]));

    /// <summary>
    /// Adds a function that is called for each trial. It asks the <see cref="Trial"/> for values and sets <see cref="Trial.Arguments"/>, possibly depending on values chosen before.
    /// </summary>
    public SearchSpace Then(Action<Trial> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        _choices.Add(choose);
        return this;
    }

    internal void Apply(Trial trial) => _choices.ForEach(choose => choose(trial));

    private SearchSpace Add(string argument, SearchDistribution distribution)
    {
        var field = ArgumentField.All.FirstOrDefault(f => f.Name == argument || f.CSharpName == argument) ?? throw new ArgumentException(
            $"'{argument}' is no training argument. Did you mean '{ArgumentName.Nearest(argument, ArgumentField.All.Select(f => f.Name))}'?", nameof(argument));
        foreach (var number in distribution.Grid(3))
            Parse(field, distribution.ValueOf(number));
        return Then(trial => field.Set(trial.Arguments, Parse(field, trial.Suggest(field.Name, distribution))));
    }

    private static object? Parse(ArgumentField field, object? value)
    {
        if (value is null)
            return field.CanBeNull
                ? null
                : throw new ArgumentException($"The training argument '{field.Name}' cannot be null; it should be {field.Type.Expected}.");
        try
        {
            return value.GetType() == field.Default?.GetType() ? value : field.Type.Parse([Convert.ToString(value, CultureInfo.InvariantCulture)!]);
        }
        catch (FormatException failure)
        {
            throw new ArgumentException(FormattableString.Invariant($"The training argument '{field.Name}' cannot be '{value}'; it should be {field.Type.Expected}."), failure);
        }
    }
}
