namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Adds up losses between logs.</summary>
/// <param name="filter">Whether a loss that is no number is replaced by the mean so far.</param>
/// <param name="step">Updates made before.</param>
/// <param name="lastLogged">The last of them that was logged.</param>
/// <param name="sum">The losses of those after it, added up.</param>
internal sealed class LossLog(bool filter, int step = 0, int? lastLogged = null, double sum = 0)
{
    // What was added up before this call of Train is logged, but is no part of its own total.
    private double _sum = sum, _logged = -sum;
    private int _lastLogged = lastLogged ?? step, _step = step;
    private bool _warned;

    /// <summary>The losses since the last log, added up.</summary>
    public double Sum => _sum;

    /// <summary>The update of the last log.</summary>
    public int LastLogged => _lastLogged;

    /// <summary>Updates since the last log.</summary>
    public int Count => _step - _lastLogged;

    /// <summary>The sum of all losses.</summary>
    public double Total => _logged + _sum;

    public void Add(double loss, int step, ITrainerLogger logger)
    {
        _step = step;
        if (!double.IsFinite(loss))
        {
            if (!_warned)
                logger.Warning($"The loss of update {step} is {(double.IsNaN(loss) ? "NaN" : "infinite")}; training goes on. A lower LearningRate or a lower MaxGradNorm is the usual cure; look at the examples of that update too.");
            _warned = true;
            if (filter)
                loss = _sum / (1 + step - 1 - _lastLogged);
        }
        _sum += loss;
    }

    /// <summary>The mean loss of the updates since the last log, which begin anew.</summary>
    public double Take()
    {
        var mean = _sum / Count;
        _logged += _sum;
        // Subtracted as the original does: where NaN is not filtered, it stays.
        _sum -= _sum;
        _lastLogged = _step;
        return mean;
    }
}
