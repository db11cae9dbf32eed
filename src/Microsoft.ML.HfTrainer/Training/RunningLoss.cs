using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Reporting;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Adds up losses on the device between logs. Nothing is read from the device until a value is asked for.</summary>
internal sealed class RunningLoss : IDisposable
{
    private readonly bool _filter;
    private readonly ICommunicator _communicator;
    private readonly ILogger _logger;
    private readonly Tensor _sum;

    // Update and value of the first loss that is not finite; update 0 as long as there is none.
    private readonly Tensor _firstFault;

    private double _logged;
    private int _lastLogged, _step;
    private bool _warned;

    /// <param name="filter">true to replace a loss that is NaN or infinite by the mean so far.</param>
    /// <param name="device">The device of the losses.</param>
    /// <param name="communicator">Adds losses up over processes.</param>
    /// <param name="logger">Gets one warning if a loss is NaN or infinite.</param>
    /// <param name="step">The number of updates made before.</param>
    /// <param name="lastLogged">The update of the last log before; null if that is <paramref name="step"/>.</param>
    /// <param name="sum">The sum of the losses since that log.</param>
    public RunningLoss(bool filter, Device device, ICommunicator communicator, ILogger logger, int step = 0, int? lastLogged = null, double sum = 0)
    {
        (_filter, _communicator, _logger) = (filter, communicator, logger);
        // The sum is that of all processes.
        _sum = full([], communicator.IsMain ? sum : 0, ScalarType.Float64, device).DetachFromDisposeScope();
        _firstFault = zeros(2, ScalarType.Float64, device).DetachFromDisposeScope();
        // Losses from before this run are logged, but are not part of its total.
        _logged = -sum;
        (_lastLogged, _step) = (lastLogged ?? step, step);
    }

    /// <summary>The update of the last log.</summary>
    public int LastLogged => _lastLogged;

    /// <summary>The number of updates since the last log.</summary>
    public int Count => _step - _lastLogged;

    /// <summary>Adds the loss of a micro-batch.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="step">The number of its update, from 1.</param>
    public void Add(Tensor loss, int step)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _step = step;
        var value = loss.to(ScalarType.Float64);
        var finite = value.isfinite();
        if (!_warned)
            _firstFault.copy_(where(finite.logical_or(_firstFault[0].ne(0)), _firstFault, stack([full_like(value, step), value])));
        _sum.add_(_filter ? where(finite, value, _sum / (1.0 + step - 1 - _lastLogged)) : value, alpha: 1);
    }

    /// <summary>Reads the sum of the losses since the last log.</summary>
    public double ReadSum()
    {
        using var noGrad = no_grad();
        WarnOfFault();
        using var sum = _sum.clone();
        _communicator.AllReduce([sum], ReduceOperation.Sum);
        return sum.item<double>();
    }

    /// <summary>Reads the sum of all losses of the run.</summary>
    public double ReadTotal() => _logged + ReadSum();

    /// <summary>Reads the mean loss of the updates since the last log, and starts over.</summary>
    public double TakeMean()
    {
        using var noGrad = no_grad();
        var sum = ReadSum();
        var mean = sum / Count;
        _logged += sum;
        // Subtracted from itself rather than set to 0: without the filter NaN stays, as in the Hugging Face Trainer.
        _sum.sub_(_sum);
        _lastLogged = _step;
        return mean;
    }

    public void Dispose()
    {
        _sum.Dispose();
        _firstFault.Dispose();
    }

    private void WarnOfFault()
    {
        if (_warned)
            return;
        using var fault = _firstFault.cpu();
        var (step, loss) = (fault.data<double>()[0], fault.data<double>()[1]);
        if (step == 0)
            return;
        _warned = true;
        _logger.Warning(FormattableString.Invariant($"The loss of update {step} is {(double.IsNaN(loss) ? "NaN" : "infinite")}; training goes on. A lower LearningRate or a lower MaxGradNorm is the usual cure; look at the examples of that update too."));
    }
}
