using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>Reads a token of the form <c>["[CLS]", 101]</c>.</summary>
internal static class TokenPair
{
    public static int ReadId(PartReader json, string name)
    {
        var items = json.Items(name, item => item);
        return items.Count == 2 ? items[1].AsNumber() : throw json.Error($"'{name}' holds {items.Count} values; it must be a token and its id.");
    }
}
