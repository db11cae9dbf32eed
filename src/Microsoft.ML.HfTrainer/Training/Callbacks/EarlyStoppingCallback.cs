using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Stops training when the metric that selects the best model has not improved by more than <paramref name="threshold"/> for <paramref name="patience"/> consecutive evaluations. The
/// first evaluation always counts as an improvement.
/// </summary>
/// <param name="patience">The number of evaluations without improvement after which training stops. Default: 1.</param>
/// <param name="threshold">The smallest change that counts as an improvement. Default: 0.</param>
public sealed class EarlyStoppingCallback(int patience = 1, double threshold = 0) : ITrainerCallback, IStatefulCallback
{
    private int _patience = patience >= 0 ? patience : throw new ArgumentOutOfRangeException(nameof(patience), patience, $"The patience of {nameof(EarlyStoppingCallback)} is {patience}; it should be a number of evaluations from 0 up.");
    private double _threshold = threshold is >= 0 and < double.PositiveInfinity ? threshold : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, FormattableString.Invariant($"The threshold of {nameof(EarlyStoppingCallback)} is {threshold}; it should be a number from 0 up."));
    private int _worse;

    /// <inheritdoc/>
    public void OnTrainBegin(CallbackContext context)
    {
        if (context.State.GlobalStep == 0)
            _worse = 0;
        if (context.Arguments.BestMetric is null)
            throw new ArgumentException("EarlyStoppingCallback needs TrainingArguments.MetricForBestModel, which is null; name the metric that should get better (or set LoadBestModelAtEnd, which takes the loss).");
        if (context.Arguments.EvalStrategy == IntervalStrategy.No)
            throw new ArgumentException("EarlyStoppingCallback needs evaluations, but TrainingArguments.EvalStrategy is No; set it to Steps or Epoch.");
    }

    /// <inheritdoc/>
    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics)
    {
        var name = BestModel.KeyOf(context.Arguments.BestMetric!);
        if (!metrics.TryGetValue(name, out var value))
        {
            context.Trainer.Logger.Warning($"Early stopping looks for '{name}', which the evaluation does not give; it gives {string.Join(", ", metrics.Keys)}.");
            return;
        }
        var best = context.State.BestMetric;
        _worse = best is null || BestModel.IsBetter(context.Arguments, value, best.Value) && Math.Abs(value - best.Value) > _threshold ? 0 : _worse + 1;
        if (_worse >= _patience)
            context.Control.ShouldTrainingStop = true;
    }

    JsonObject IStatefulCallback.ExportState() => new()
    {
        ["args"] = new JsonObject { ["early_stopping_patience"] = _patience, ["early_stopping_threshold"] = _threshold },
        ["attributes"] = new JsonObject { ["early_stopping_patience_counter"] = _worse },
    };

    void IStatefulCallback.LoadState(JsonObject state)
    {
        double Number(string of, string name) => PythonJson.Number((state[of] as JsonObject)?[name])
            ?? throw new InvalidDataException($"The checkpoint's state of EarlyStoppingCallback has no number '{of}.{name}'.");
        (_patience, _threshold) = ((int)Number("args", "early_stopping_patience"), Number("args", "early_stopping_threshold"));
        _worse = (int)Number("attributes", "early_stopping_patience_counter");
    }
}
