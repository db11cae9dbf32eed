using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Names of arguments: <c>LearningRate</c> in C# is the original's <c>learning_rate</c>.</summary>
internal static partial class ArgumentName
{
    public static string FromCSharp(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    /// <summary>The known name that looks most like another.</summary>
    public static string Nearest(string name, IEnumerable<string> known) => known.MinBy(candidate => NamedChoice.Distance(candidate, name))!;

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
