namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Reads which layers of a model have a sliding window. If a layer has none, its entry is null.</summary>
internal static class SlidingWindows
{
    private const string Full = "full_attention", Sliding = "sliding_attention", Field = "sliding_window";

    /// <summary>Returns the window in the field <c>sliding_window</c>, which may be null.</summary>
    public static int? Read(PretrainedConfig config) => config.GetIntOrNull(Field) is < 1 and var window ? throw config.Error(Field, $"is {window}", "a number above 0, or null") : config.GetIntOrNull(Field);

    /// <summary>Returns the window of each layer by the field <c>layer_types</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="window">The window of layers of the type <c>sliding_attention</c>. If null, no layer may have that type.</param>
    /// <param name="isSliding">Returns true if the layer with that index has a window. Applies if the field is absent.</param>
    public static IReadOnlyList<int?> ByLayerType(PretrainedConfig config, int? window, Func<int, bool> isSliding)
    {
        var count = config.GetSize("num_hidden_layers");
        var types = config.GetTexts("layer_types") ?? [.. Enumerable.Range(0, count).Select(i => isSliding(i) ? Sliding : Full)];
        if (types.Count != count)
            throw config.Error("layer_types", $"has {types.Count} entries", $"a list of {count}, one for each layer");
        if (types.FirstOrDefault(t => t is not (Full or Sliding)) is { } unknown)
            throw config.Error("layer_types", $"has \"{unknown}\"", $"a list of \"{Full}\" and \"{Sliding}\"");
        if (window is null && types.Contains(Sliding))
            throw config.Error(Field, "is missing, or switched off by use_sliding_window", $"a number above 0, because layer_types has \"{Sliding}\"");
        return [.. types.Select(t => t == Sliding ? window : null)];
    }
}
