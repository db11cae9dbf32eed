using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Converts arguments to the types that functions need.</summary>
internal static class Argument
{
    public static string Text(object? value, string name) =>
        value as string ?? throw (value as Undefined)?.Fault() ?? new TemplateFault($"'{name}' must be a str, not {TypeNames.WithArticle(value)}.");

    public static string? OptionalText(object? value, string name) => value is null ? null : Text(value, name);

    public static int Integer(object? value, string name) =>
        value is Undefined undefined ? throw undefined.Fault() : Integers.Index(value, $"'{name}'");

    public static int? OptionalInteger(object? value, string name) => value is null ? null : Integer(value, name);

    public static MappingValue Mapping(object? value, string name) =>
        value as MappingValue ?? throw (value as Undefined)?.Fault() ?? new TemplateFault($"'{name}' must be a dict, not {TypeNames.WithArticle(value)}.");
}
