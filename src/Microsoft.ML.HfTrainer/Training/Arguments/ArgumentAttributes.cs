namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Marks a Hugging Face argument that is accepted but has no effect in this library.</summary>
/// <param name="reason">The reason, as a clause that follows "no effect:".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NoEffectAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}

/// <summary>Marks a Hugging Face argument whose effect is not supported, so that only its default is accepted.</summary>
/// <param name="reason">The reason, as a clause that follows "not supported:".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RefusedAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}

/// <summary>Specifies the value of an option that is given on a command line without a value.</summary>
/// <param name="value">The value, as written on a command line.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BareValueAttribute(string value) : Attribute
{
    public string Value { get; } = value;
}

/// <summary>Specifies the value that null in JSON stands for, if it is not the default.</summary>
/// <param name="value">The value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullMeansAttribute(object value) : Attribute
{
    public object Value { get; } = value;
}

/// <summary>Marks a property that can be set in code only, not by JSON or a command line.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotAnArgumentAttribute : Attribute;

/// <summary>Specifies how a property is read and written, if not according to its type.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class ReadAsAttribute : Attribute
{
    public abstract ArgumentType Type { get; }
}

/// <inheritdoc/>
internal sealed class ReadAsAttribute<T> : ReadAsAttribute where T : ArgumentType, new()
{
    public override ArgumentType Type { get; } = new T();
}
