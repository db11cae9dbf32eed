using System.Text.Json;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>The value of an argument as given in JSON or on a command line.</summary>
internal abstract record GivenValue
{
    /// <summary>Gets whether the value is an explicit null.</summary>
    public virtual bool IsNull => false;

    /// <summary>Gets the value as text, independent of its source.</summary>
    public abstract string Text { get; }

    /// <summary>Gets the value as shown in messages.</summary>
    public abstract string Shown { get; }

    /// <summary>Converts the value to the type of an argument.</summary>
    /// <exception cref="FormatException">The value is invalid for the type.</exception>
    public abstract object? As(ArgumentType type);
}

/// <summary>A JSON value.</summary>
internal sealed record JsonGiven(JsonElement Value) : GivenValue
{
    public override bool IsNull => Value.ValueKind == JsonValueKind.Null;

    public override string Text => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : Value.GetRawText();

    public override string Shown => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => JsonText.Show(Value.GetString()!),
        _ => Value.GetRawText(),
    };

    public override object? As(ArgumentType type) => type.Read(Value);
}

/// <summary>The words that follow an option.</summary>
internal sealed record WordsGiven(IReadOnlyList<string> Words) : GivenValue
{
    public override string Text => string.Join(' ', Words) is var text && bool.TryParse(text, out var flag) ? (flag ? "true" : "false") : text;

    public override string Shown => $"'{string.Join(' ', Words)}'";

    public override object? As(ArgumentType type) => type.Parse(Words);
}
