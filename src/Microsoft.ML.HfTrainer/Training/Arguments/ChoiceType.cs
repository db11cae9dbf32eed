using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>The members of an enumeration, written in snake case like the values of Hugging Face.</summary>
/// <param name="whenFalse">The member that false stands for, or null if false is invalid.</param>
/// <param name="whenTrue">The member that true stands for, or null if true is invalid.</param>
internal sealed class ChoiceType<T>(T? whenFalse = null, T? whenTrue = null) : ArgumentType where T : struct, Enum
{
    private static readonly Dictionary<string, T> _choices = Enum.GetValues<T>().ToDictionary(choice => ArgumentName.FromCSharp(choice.ToString()));

    public override string Expected => $"one of {string.Join(", ", _choices.Keys)}";

    public override object Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Choose(value.GetString()!),
        JsonValueKind.True => whenTrue ?? throw new FormatException(),
        JsonValueKind.False => whenFalse ?? throw new FormatException(),
        _ => throw new FormatException(),
    };

    public override object Parse(IReadOnlyList<string> words) => (words[0], whenFalse, whenTrue) switch
    {
        ("true" or "True", _, { } choice) => choice,
        ("false" or "False", { } choice, _) => choice,
        var (name, _, _) => Choose(name),
    };

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue(ArgumentName.FromCSharp(value.ToString()!));

    private static T Choose(string name) => _choices.TryGetValue(name, out var choice) ? choice : throw new FormatException();
}
