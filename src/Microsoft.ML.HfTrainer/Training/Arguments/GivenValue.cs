using System.Text.Json;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>The value of an argument as it was given.</summary>
internal abstract record GivenValue
{
    /// <summary>Whether nothing was given, in so many words.</summary>
    public virtual bool IsNull => false;

    /// <summary>The value as a text that does not depend on where it was given.</summary>
    public abstract string Text { get; }

    /// <summary>The value for a message.</summary>
    public abstract string Shown { get; }

    /// <exception cref="FormatException">The value is not of the type.</exception>
    public abstract object? As(ArgumentType type);
}

/// <summary>A value in JSON.</summary>
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

/// <summary>The words after an option.</summary>
internal sealed record WordsGiven(IReadOnlyList<string> Words) : GivenValue
{
    public override string Text => string.Join(' ', Words) is var text && bool.TryParse(text, out var flag) ? (flag ? "true" : "false") : text;

    public override string Shown => $"'{string.Join(' ', Words)}'";

    public override object? As(ArgumentType type) => type.Parse(Words);
}
