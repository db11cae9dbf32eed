using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>The names of weights in files, without what the program that saved them put around the names of the model.</summary>
internal static partial class WrittenNames
{
    // The model as a field of another module: of DataParallel, of a training script, of a composite model.
    private static readonly string[] _outer = ["module.", "model.", "language_model.", "text_model."];

    // As many wrappers as any training script puts around a model.
    private const int MaxDepth = 3;

    /// <summary>Returns the names in files by those that the model may have.</summary>
    /// <param name="names">The names in the files.</param>
    /// <param name="match">Counts the weights of the model that are found among names: of the ways to take off outer prefixes, the one with the most is chosen.</param>
    public static Dictionary<string, string> Of(IEnumerable<string> names, Func<Dictionary<string, string>, int> match)
    {
        var candidates = new List<Dictionary<string, string>> { names.GroupBy(Modern).ToDictionary(g => g.Key, g => g.First()) };
        while (candidates.Count <= MaxDepth && candidates[^1].Keys.Any(name => Bare(name) != name))
            candidates.Add(candidates[^1].GroupBy(place => Bare(place.Key)).ToDictionary(g => g.Key, g => g.First().Value));
        return candidates.Count == 1 ? candidates[0] : candidates.MaxBy(match)!;
    }

    private static string Bare(string name) => _outer.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } outer ? name[outer.Length..] : name;

    // Files from before 2019 use TensorFlow's names of the layer norm's weights.
    private static string Modern(string name) => Bias().Replace(Scale().Replace(Inner().Replace(name, ""), "LayerNorm.weight"), "LayerNorm.bias");

    // Compiled modules, and those that are sharded or checkpointed, stand between a module and its own names.
    [GeneratedRegex(@"(?<=^|\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")]
    private static partial Regex Inner();

    [GeneratedRegex(@"\bLayerNorm\.gamma$")]
    private static partial Regex Scale();

    [GeneratedRegex(@"\bLayerNorm\.beta$")]
    private static partial Regex Bias();
}
