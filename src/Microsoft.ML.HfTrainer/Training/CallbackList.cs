using Microsoft.ML.HfTrainer.Training.Callbacks;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The callbacks of a trainer: those of the user, between the ones that the arguments ask for.</summary>
internal sealed class CallbackList
{
    private readonly TrainerState _state;
    private readonly TrainerControl _control;
    private readonly List<ITrainerCallback> _all;
    private readonly HashSet<ITrainerCallback> _standard;

    /// <param name="args">The arguments.</param>
    /// <param name="given">The callbacks of the user.</param>
    /// <param name="reports">true to report to files, telemetry and the console.</param>
    /// <param name="state">The state, which names the callbacks that checkpoints keep.</param>
    /// <param name="control">The flags, which are kept in checkpoints like a callback.</param>
    public CallbackList(TrainingArguments args, IEnumerable<ITrainerCallback> given, bool reports, TrainerState state, TrainerControl control)
    {
        (_state, _control) = (state, control);
        ITrainerCallback[] reporters = reports ? [.. ReporterCallback.For(args), new TelemetryCallback()] : [];
        ITrainerCallback[] first = [new DefaultFlowCallback(), .. reporters];
        ITrainerCallback[] last = reports ? [.. ProgressCallback.For(args)] : [];
        _all = [.. first, .. given, .. last];
        _standard = [.. first, .. last];
        FindStateful();
    }

    /// <summary>All callbacks, in the order in which they are called.</summary>
    public IReadOnlyList<ITrainerCallback> All => _all;

    /// <summary>The callbacks of the user.</summary>
    public IEnumerable<ITrainerCallback> Given => _all.Where(callback => !_standard.Contains(callback));

    /// <summary>The callbacks that the arguments ask for.</summary>
    public IEnumerable<ITrainerCallback> Standard => _standard;

    public void Add(ITrainerCallback callback)
    {
        _all.Add(callback);
        FindStateful();
    }

    public bool Remove(ITrainerCallback callback)
    {
        var found = _all.Remove(callback);
        FindStateful();
        return found;
    }

    private void FindStateful() => _state.StatefulCallbacks = [_control, .. _all.OfType<IStatefulCallback>()];
}
