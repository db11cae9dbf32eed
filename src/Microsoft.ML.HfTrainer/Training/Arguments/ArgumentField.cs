using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>A property of <see cref="TrainingArguments"/> as the argument that it is. JSON, the command line and the page of arguments follow from these alone.</summary>
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

    /// <summary>All arguments.</summary>
    public static IReadOnlyList<ArgumentField> All { get; } = Find(typeof(TrainingArguments));

    /// <summary>The original's name.</summary>
    public string Name { get; }

    /// <summary>The name in C#.</summary>
    public string CSharpName => _property.Name;

    public ArgumentType Type { get; }

    /// <summary>The value where nothing is said.</summary>
    public object? Default { get; }

    /// <summary>What null in JSON stands for; null: the default, or whatever the argument's other name says.</summary>
    public object? NullValue { get; }

    /// <summary>Whether null can stand in JSON: everywhere but where a number has to be.</summary>
    public bool CanBeNull => NullValue is not null || Default is null || Type is not (NumberType or IntegerType);

    /// <summary>What the option means without a value; null: it needs one.</summary>
    public string? BareValue { get; }

    /// <summary>Whether <c>--no_name</c> is an option too: so it is where a flag is on by default.</summary>
    public bool HasNegation => Default is true;

    /// <summary>Why the argument changes nothing here; null: it does.</summary>
    public string? NoEffect { get; }

    /// <summary>Why no value but the default is accepted; null: others are.</summary>
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

    /// <summary>A value as JSON.</summary>
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
