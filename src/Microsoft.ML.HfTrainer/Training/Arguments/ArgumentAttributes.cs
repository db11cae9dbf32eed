namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>An argument of the original that is accepted and changes nothing here.</summary>
/// <param name="reason">Why: a clause that can follow "no effect:".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NoEffectAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}

/// <summary>An argument of the original that would promise an effect which is not there: its default alone is accepted.</summary>
/// <param name="reason">Why: a clause that can follow "not supported:".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RefusedAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}

/// <summary>What an option means on a command line when no value follows it.</summary>
/// <param name="value">The value, as it would be written there.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BareValueAttribute(string value) : Attribute
{
    public string Value { get; } = value;
}

/// <summary>What null stands for in JSON, where it is not the default.</summary>
/// <param name="value">The value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullMeansAttribute(object value) : Attribute
{
    public object Value { get; } = value;
}

/// <summary>A property for programs alone: neither JSON nor a command line knows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotAnArgumentAttribute : Attribute;

/// <summary>A property that is read and written otherwise than its type would be.</summary>
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
