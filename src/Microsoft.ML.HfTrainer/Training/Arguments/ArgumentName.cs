using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Converts names of properties to Hugging Face names: <c>LearningRate</c> to <c>learning_rate</c>.</summary>
internal static partial class ArgumentName
{
    public static string FromCSharp(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    /// <summary>Returns the known name with the smallest edit distance to <paramref name="name"/>.</summary>
    public static string Nearest(string name, IEnumerable<string> known) => known.MinBy(candidate => NamedChoice.Distance(candidate, name))!;

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
