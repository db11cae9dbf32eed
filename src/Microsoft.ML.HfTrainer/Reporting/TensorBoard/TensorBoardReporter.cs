using Microsoft.ML.HfTrainer.Formats.Protobuf;
using Microsoft.ML.HfTrainer.Reporting.TensorBoard;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes event files for TensorBoard: the training arguments and the model's configuration as texts, and every logged value as a scalar by update. Values whose names begin
/// with <c>eval_</c> or <c>test_</c> are shown under <c>eval/</c> or <c>test/</c>, all others under <c>train/</c>.
/// </summary>
/// <remarks>
/// Each run creates a file of its own. A run that resumes from a checkpoint tells TensorBoard to discard the later steps of earlier files in the folder.
/// </remarks>
/// <param name="folder">The folder of the files. It is created if it does not exist.</param>
public sealed class TensorBoardReporter(string folder) : ITrainerReporter
{
    private static readonly string[] _sections = ["eval", "test"];

    private EventFile? _file;

    /// <inheritdoc/>
    public void Begin(ReportedRun run)
    {
        _file = new EventFile(folder);
        if (run.GlobalStep > 0)
            _file.Append([EventMessage.Restart(run.GlobalStep + 1)]);
        _file.Append(Texts(run));
    }

    /// <inheritdoc/>
    public void Report(LogRecord logs, int step)
    {
        _file ??= new EventFile(folder);
        _file.Append(logs.Select(value => EventMessage.Scalar(Tag(value.Key), value.Value, step)));
    }

    /// <inheritdoc/>
    public void End() => _file = null;

    internal static string Tag(string name)
    {
        var section = _sections.FirstOrDefault(section => name.StartsWith(section + "_", StringComparison.Ordinal));
        return section is null ? $"train/{name}" : $"{section}/{name[(section.Length + 1)..]}";
    }

    private static IEnumerable<ProtoMessage> Texts(ReportedRun run)
    {
        if (run.Arguments is { } arguments)
            yield return EventMessage.Text("args", arguments.TrimEnd());
        if (run.ModelConfig is { } config)
            yield return EventMessage.Text("model_config", config);
    }
}
