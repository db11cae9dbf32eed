using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes the log of a run for Weights &amp; Biases: the model's configuration and the training arguments as the run's config, and each record of the log as a row of its
/// history. Names become those of Hugging Face's trainer, such as <c>eval/loss</c> and <c>train/loss</c>; the totals of the training go to the summary alone.
/// </summary>
/// <remarks>
/// The settings are the environment variables of Weights &amp; Biases, such as <c>WANDB_PROJECT</c> (default: <c>huggingface</c>), <c>WANDB_DIR</c> and <c>WANDB_MODE</c>. A run
/// has a folder of its own, <c>wandb/offline-run-{time}-{id}</c>, which the command <c>wandb sync</c> uploads. A record is on disk before the next update begins. Evaluations
/// and predictions after training belong to the run: it ends when the reporter is disposed, with its trainer, when another training begins, or with the process. A training
/// that fails ends its run as failed.
/// </remarks>
public sealed class WeightsAndBiasesReporter : ITrainerReporter, IDisposable
{
    private const string Axis = "train/global_step";

    private static readonly HashSet<string> _totals = ["train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss", "total_flos"];

    private readonly WandbSettings _settings;
    private readonly string? _outputDir;
    private WandbRun? _run;
    private int _step;

    /// <summary>Creates a reporter with the settings in the environment.</summary>
    /// <param name="outputDir">The output folder of the training, which names the group of the trials of a hyperparameter search; null if there is none.</param>
    /// <exception cref="ArgumentException">An environment variable has a value that cannot be used.</exception>
    public WeightsAndBiasesReporter(string? outputDir = null) : this(WandbSettings.FromEnvironment(), outputDir)
    {
    }

    internal WeightsAndBiasesReporter(WandbSettings settings, string? outputDir = null) => (_settings, _outputDir) = (settings, outputDir);

    /// <inheritdoc/>
    public void Begin(ReportedRun run)
    {
        _run?.Finish(0);
        _run = Start(run);
    }

    /// <inheritdoc/>
    public void Report(LogRecord logs, int step)
    {
        _step = step;
        if (Open() is not { } run)
            return;
        var totals = logs.Where(value => _totals.Contains(value.Key)).ToList();
        if (totals.Count > 0)
            run.Summarize([.. totals.Select(value => KeyValuePair.Create(value.Key, WandbRun.Json(value.Value)))]);
        run.AddRow(Row(logs.Except(totals)));
    }

    /// <inheritdoc/>
    public void ReportPrediction(LogRecord metrics) => Open()?.AddRow(Row(metrics));

    /// <inheritdoc/>
    public void Fail(Exception failure) => _run?.Fail(failure);

    /// <summary>Ends the run.</summary>
    public void Dispose()
    {
        _run?.Finish(0);
        _run = null;
    }

    private WandbRun? Open() => _run ??= Start(new ReportedRun());

    private WandbRun? Start(ReportedRun run)
    {
        if (_settings.Mode == WandbSettings.Disabled)
            return null;
        _step = run.GlobalStep;
        var settings = run.TrialName is { } trial
            ? _settings with { Name = trial, Group = run.RunName ?? _outputDir ?? _settings.Group }
            : _settings with { Name = run.RunName ?? _settings.Name };
        return new WandbRun(settings, Config(run), Axis);
    }

    private static List<KeyValuePair<string, string>> Config(ReportedRun run)
    {
        var config = TrackedConfig.Of(run).Select(field => KeyValuePair.Create(field.Key, field.Value?.ToJsonString() ?? "null")).ToList();
        if (run.ParameterCount is { } count)
            config.Add(KeyValuePair.Create("model/num_parameters", FormattableString.Invariant($"{count}")));
        return config;
    }

    private List<KeyValuePair<string, string>> Row(IEnumerable<KeyValuePair<string, double>> values) =>
    [
        .. values.Select(value => KeyValuePair.Create(TensorBoardReporter.Tag(value.Key), WandbRun.Json(value.Value))), KeyValuePair.Create(Axis, WandbRun.Json(_step)),
    ];
}
