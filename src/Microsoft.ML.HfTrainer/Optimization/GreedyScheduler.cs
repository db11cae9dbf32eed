using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Raises the learning rate while the metric improves and lowers it while it does not (GreedyLR, arXiv:2512.14527): <c>greedy</c>.
/// </summary>
public sealed class GreedyScheduler : MetricScheduler
{
    private readonly double[] _startRates, _largestRates;
    private readonly int _patientStart, _warmup, _window;
    private readonly Queue<double> _recent = [];

    private int _goodSteps, _warmupLeft, _untilReset;
    private double _sum;

    /// <summary>Creates the schedule. The learning rates stay as they are.</summary>
    /// <param name="optimizer">The optimizer whose learning rates the schedule sets.</param>
    /// <param name="options">
    /// The settings: <c>mode</c> (min), <c>factor</c> (0.95), <c>patience</c> (10), <c>threshold</c> (1e-6), <c>threshold_mode</c> (abs), <c>cooldown</c> and
    /// <c>warmup</c> (0; steps to wait after a reduction and after a rise), <c>min_lr</c> (1e-3) and <c>max_lr</c> (1; one number, or one for each group),
    /// <c>eps</c> (1e-8), <c>smooth</c> (false) with <c>window_size</c> (50), <c>reset_start</c> (500; reductions at the smallest rate before the schedule restarts).
    /// </param>
    /// <exception cref="ArgumentException">A setting is unknown or out of range.</exception>
    public GreedyScheduler(Optimizer optimizer, KeywordArguments? options = null) : this(optimizer, KeywordReader.OfSchedule(options, "greedy"))
    {
    }

    private GreedyScheduler(Optimizer optimizer, KeywordReader options)
        : base(optimizer, MetricSettings.Read(options, optimizer.Groups.Count, factor: 0.95, threshold: 1e-6, thresholdMode: "abs", minLr: 1e-3))
    {
        _startRates = [.. optimizer.Groups.Select(g => g.LearningRate)];
        _largestRates = options.Numbers("max_lr", optimizer.Groups.Count, 1);
        (_warmup, _untilReset) = (options.Integer("warmup", 0), options.Integer("reset_start", 500));
        var (smooth, window) = (options.Flag("smooth", false), options.Integer("window_size", 50));
        (_patientStart, _window) = (_untilReset, smooth ? window : 0);
        options.Ignore("verbose");
        options.RefuseOthers();
    }

    /// <inheritdoc/>
    public override void Step(double metric)
    {
        LastStep++;
        var smooth = Smooth(metric);
        if (Cooldown > 0 || _warmupLeft > 0)
        {
            Wait();
            return;
        }
        var better = IsBetter(smooth);
        if (better)
            Best = smooth;
        (_goodSteps, BadSteps) = better ? (_goodSteps + 1, 0) : (0, BadSteps + 1);
        if (_goodSteps > Settings.Patience)
            Raise();
        else if (BadSteps > Settings.Patience)
            Lower();
    }

    /// <inheritdoc/>
    public override JsonObject ExportState()
    {
        var state = base.ExportState();
        foreach (var (name, number) in new[] { ("num_good_epochs", _goodSteps), ("warmup_counter", _warmupLeft), ("reset_start", _untilReset), ("reset_start_original", _patientStart), ("warmup", _warmup) })
            state[name] = number;
        state["max_lrs"] = ScheduleState.Array(_largestRates);
        state["_init_lrs"] = ScheduleState.Array(_startRates);
        state["smooth"] = _window > 0;
        if (_window > 0)
            state["_streaming_avg"] = new JsonObject { ["window_size"] = _window, ["values"] = ScheduleState.Array(_recent), ["sum"] = ScheduleState.Of(_sum) };
        return state;
    }

    /// <inheritdoc/>
    public override void LoadState(JsonObject state)
    {
        var start = state.Numbers("_init_lrs", _startRates.Length);
        var (good, warmup, left) = (state.Integer("num_good_epochs"), state.Integer("warmup_counter"), state.Integer("reset_start"));
        base.LoadState(state);
        start.CopyTo(_startRates, 0);
        (_goodSteps, _warmupLeft, _untilReset) = (good, warmup, left);
        ClearWindow();
        if (_window == 0 || state["_streaming_avg"] is not JsonObject { } average || average["values"] is not JsonArray { } values)
            return;
        foreach (var value in average.Numbers("values", values.Count))
            _recent.Enqueue(value);
        _sum = average.Number("sum");
    }

    private double Smooth(double metric)
    {
        if (_window == 0)
            return metric;
        _recent.Enqueue(metric);
        _sum += metric;
        if (_recent.Count > _window)
            _sum -= _recent.Dequeue();
        return _sum / _recent.Count;
    }

    private void Wait()
    {
        if (Cooldown > 0)
            Cooldown--;
        else
            _warmupLeft--;
        (_goodSteps, BadSteps) = (0, 0);
    }

    private void Raise()
    {
        for (var i = 0; i < Optimizer.Groups.Count; i++)
        {
            var group = Optimizer.Groups[i];
            var rate = Math.Min(group.LearningRate / Settings.Factor, _largestRates[i]);
            if (rate - group.LearningRate > Settings.Epsilon)
                group.LearningRate = rate;
        }
        (_untilReset, _warmupLeft, _goodSteps) = (_patientStart, _warmup, 0);
    }

    private void Lower()
    {
        Reduce();
        if (Optimizer.Groups.Select((g, i) => g.LearningRate <= Settings.MinLr[i]).All(low => low) && --_untilReset <= 0)
            Restart();
        (Cooldown, BadSteps) = (Settings.Cooldown, 0);
    }

    private void Restart()
    {
        for (var i = 0; i < Optimizer.Groups.Count; i++)
            Optimizer.Groups[i].LearningRate = _startRates[i];
        (Best, _goodSteps, _warmupLeft, _untilReset) = (Worst, 0, 0, _patientStart);
        ClearWindow();
    }

    private void ClearWindow()
    {
        _recent.Clear();
        _sum = 0;
    }
}
