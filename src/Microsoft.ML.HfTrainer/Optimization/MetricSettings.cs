using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>The settings shared by the schedules that step by a metric.</summary>
/// <param name="Mode"><c>min</c> if a smaller metric is better, <c>max</c> if a larger one is.</param>
/// <param name="Factor">The factor by which the learning rate is reduced.</param>
/// <param name="Patience">The number of steps without improvement before the learning rate changes.</param>
/// <param name="Threshold">The margin by which a metric has to be better.</param>
/// <param name="ThresholdMode"><c>rel</c> for a margin relative to the best metric, <c>abs</c> for an absolute one.</param>
/// <param name="Cooldown">The number of steps to wait after a reduction.</param>
/// <param name="MinLr">The smallest learning rate of each group.</param>
/// <param name="Epsilon">The smallest change of the learning rate.</param>
internal sealed record MetricSettings(string Mode, double Factor, int Patience, double Threshold, string ThresholdMode, int Cooldown, double[] MinLr, double Epsilon)
{
    /// <summary>Reads the settings, with the defaults of one schedule.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static MetricSettings Read(KeywordReader options, int groups, double factor, double threshold, string thresholdMode, double minLr)
    {
        var settings = new MetricSettings(
            options.Text("mode", "min"), options.Number("factor", factor), options.Integer("patience", 10), options.Number("threshold", threshold), options.Text("threshold_mode", thresholdMode),
            options.Integer("cooldown", 0), options.Numbers("min_lr", groups, minLr), options.Number("eps", 1e-8));
        if (settings.Mode is not ("min" or "max"))
            throw options.Wrong($"mode is '{settings.Mode}'; it should be min or max.");
        if (settings.ThresholdMode is not ("rel" or "abs"))
            throw options.Wrong($"threshold_mode is '{settings.ThresholdMode}'; it should be rel or abs.");
        return settings.Factor < 1 ? settings : throw options.Wrong(FormattableString.Invariant($"factor is {settings.Factor}; it should be below 1."));
    }

    public IEnumerable<(string Name, JsonNode Value)> Named() =>
    [
        ("mode", Mode), ("factor", Factor), ("patience", Patience), ("threshold", Threshold), ("threshold_mode", ThresholdMode), ("cooldown", Cooldown),
        ("min_lrs", ScheduleState.Array(MinLr)), ("eps", Epsilon),
    ];
}
