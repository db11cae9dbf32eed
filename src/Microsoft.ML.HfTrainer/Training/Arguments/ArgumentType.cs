using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Reads and writes values of one type in JSON and on a command line.</summary>
internal abstract class ArgumentType
{
    private static readonly Dictionary<Type, ArgumentType> _types = new()
    {
        [typeof(bool)] = new FlagType(),
        [typeof(int)] = new IntegerType(),
        [typeof(double)] = new NumberType(),
        [typeof(string)] = new TextType(),
        [typeof(IReadOnlyList<string>)] = new TextListType(),
        [typeof(KeywordArguments)] = new KeywordsType(),
        [typeof(GenerationConfig)] = new GenerationConfigType(),
        [typeof(IReadOnlyList<ParameterGroupRule>)] = new ParameterGroupsType(),
        [typeof(IntervalStrategy)] = new ChoiceType<IntervalStrategy>(),
        [typeof(SaveStrategy)] = new ChoiceType<SaveStrategy>(),
        [typeof(LossNormalization)] = new ChoiceType<LossNormalization>(),
        [typeof(RandomStream)] = new ChoiceType<RandomStream>(),
        [typeof(TrainSamplingStrategy)] = new ChoiceType<TrainSamplingStrategy>(),
        [typeof(InputTokensSeen)] = new ChoiceType<InputTokensSeen>(InputTokensSeen.No, InputTokensSeen.All),
    };

    /// <summary>Gets the description of a valid value for messages, such as <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Gets whether an option takes all the words that follow it instead of one.</summary>
    public virtual bool TakesManyWords => false;

    /// <exception cref="FormatException">The value is invalid; <see cref="Expected"/> describes a valid one.</exception>
    public abstract object? Read(JsonElement value);

    /// <exception cref="FormatException">The value is invalid; <see cref="Expected"/> describes a valid one.</exception>
    public abstract object? Parse(IReadOnlyList<string> words);

    public abstract void Write(Utf8JsonWriter writer, object value);

    /// <exception cref="NotSupportedException">No argument type is registered for the type.</exception>
    public static ArgumentType Of(Type type) => _types.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type)
        ?? throw new NotSupportedException($"No {nameof(ArgumentType)} is registered for {type}.");
}
