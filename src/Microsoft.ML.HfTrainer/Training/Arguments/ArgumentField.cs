using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Describes a property of <see cref="TrainingArguments"/> as an argument. JSON and command lines are read and written by these descriptions alone.</summary>
internal sealed class ArgumentField
{
    private readonly PropertyInfo _property;

    private ArgumentField(PropertyInfo property)
    {
        (_property, Name) = (property, ArgumentName.FromCSharp(property.Name));
        Type = property.GetCustomAttribute<ReadAsAttribute>()?.Type ?? ArgumentType.Of(property.PropertyType);
        Default = property.GetValue(new TrainingArguments());
        (NoEffect, Refused) = (property.GetCustomAttribute<NoEffectAttribute>()?.Reason, property.GetCustomAttribute<RefusedAttribute>()?.Reason);
        NullValue = property.GetCustomAttribute<NullMeansAttribute>()?.Value;
        BareValue = property.GetCustomAttribute<BareValueAttribute>()?.Value ?? (property.PropertyType == typeof(bool) ? "true" : null);
    }

    /// <summary>Gets all arguments.</summary>
    public static IReadOnlyList<ArgumentField> All { get; } = Find(typeof(TrainingArguments));

    /// <summary>Gets the Hugging Face name, such as <c>learning_rate</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the name of the property.</summary>
    public string CSharpName => _property.Name;

    public ArgumentType Type { get; }

    /// <summary>Gets the default value.</summary>
    public object? Default { get; }

    /// <summary>Gets the value that null in JSON stands for. If null, it is as if the argument were not given.</summary>
    public object? NullValue { get; }

    /// <summary>Gets whether null is accepted in JSON: for everything except numbers that are not nullable.</summary>
    public bool CanBeNull => NullValue is not null || Default is null || Type is not (NumberType or IntegerType);

    /// <summary>Gets the value of an option that is given without one, or null if a value is required.</summary>
    public string? BareValue { get; }

    /// <summary>Gets whether <c>--no_name</c> is also an option, as for flags that are true by default.</summary>
    public bool HasNegation => Default is true;

    /// <summary>Gets the reason why the argument has no effect, or null if it has one.</summary>
    public string? NoEffect { get; }

    /// <summary>Gets the reason why only the default is accepted, or null if other values are accepted too.</summary>
    public string? Refused { get; }

    public object? Get(TrainingArguments arguments) => _property.GetValue(arguments);

    public void Set(TrainingArguments arguments, object? value) => _property.SetValue(arguments, value);

    public void Write(Utf8JsonWriter writer, object? value)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            Type.Write(writer, value);
    }

    /// <summary>Returns a value as JSON text.</summary>
    public string Show(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static ArgumentField[] Find([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type) =>
        [.. type.GetProperties().Where(property => property.CanWrite && property.GetCustomAttribute<NotAnArgumentAttribute>() is null).Select(property => new ArgumentField(property))];
}
