using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Cli;

/// <summary>A first word that is no command, with the command that was probably meant.</summary>
internal static class UnknownCommand
{
    public static string? In(string[] arguments, IReadOnlyCollection<string> commands) =>
        arguments.FirstOrDefault() is not { } first || first.StartsWith('-') || commands.Contains(first) ? null
        : $"hftrainer: unknown command '{first}'. Did you mean '{commands.MinBy(known => NamedChoice.Distance(known, first))}'? Commands: {string.Join(", ", commands)}.";
}
