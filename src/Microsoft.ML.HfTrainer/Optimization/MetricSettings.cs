using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>What the schedules that step by a metric share, under the original's names.</summary>
/// <param name="Mode"><c>min</c> or <c>max</c>: which metric is better.</param>
/// <param name="Factor">What the learning rate is multiplied by.</param>
/// <param name="Patience">Steps without change that are borne.</param>
/// <param name="Threshold">By how much a metric has to be better.</param>
/// <param name="ThresholdMode"><c>rel</c> to the best, or <c>abs</c>.</param>
/// <param name="Cooldown">Steps to wait after a reduction.</param>
/// <param name="MinLr">The smallest learning rate of each group.</param>
/// <param name="Epsilon">The smallest change that is made.</param>
internal sealed record MetricSettings(string Mode, double Factor, int Patience, double Threshold, string ThresholdMode, int Cooldown, double[] MinLr, double Epsilon)
{
    /// <summary>Reads the settings of a schedule with other defaults.</summary>
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
