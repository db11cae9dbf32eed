using System.Text;
using Microsoft.ML.HfTrainer.Reporting.TensorBoard;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes event files for TensorBoard: settings and the model's configuration as texts, every logged value as a scalar over
/// <see cref="TrainerState.GlobalStep"/>. What begins with <c>eval_</c> or <c>test_</c> stands under <c>eval/</c> or <c>test/</c>, all else under
/// <c>train/</c>.
/// </summary>
/// <remarks>
/// Each run makes a file of its own. One that goes on from a checkpoint tells TensorBoard to drop what earlier files of the folder hold of later steps.
/// </remarks>
/// <param name="folder">The folder of the files, which is made if need be.</param>
public sealed class TensorBoardReporter(string folder) : ITrainerReporter
{
    private static readonly string[] _sections = ["eval", "test"];

    private EventFile? _file;

    /// <inheritdoc/>
    public void Begin(CallbackContext context)
    {
        _file = new EventFile(folder);
        if (context.State.GlobalStep is > 0 and var resumed)
            _file.Append([EventMessage.Restart(resumed + 1)]);
        _file.Append(Texts(context));
    }

    /// <inheritdoc/>
    public void Report(CallbackContext context, LogRecord logs)
    {
        _file ??= new EventFile(folder);
        _file.Append(logs.Select(value => EventMessage.Scalar(Tag(value.Key), value.Value, context.State.GlobalStep)));
    }

    /// <inheritdoc/>
    public void End(CallbackContext context) => _file = null;

    internal static string Tag(string name)
    {
        var section = _sections.FirstOrDefault(section => name.StartsWith(section + "_", StringComparison.Ordinal));
        return section is null ? $"train/{name}" : $"{section}/{name[(section.Length + 1)..]}";
    }

    private static IEnumerable<ProtoMessage> Texts(CallbackContext context)
    {
        yield return EventMessage.Text("args", Encoding.UTF8.GetString(context.Arguments.ToJson()).TrimEnd());
        if (context.Trainer.Model is PretrainedModel model)
            yield return EventMessage.Text("model_config", Encoding.UTF8.GetString(model.SavedConfig().ToJson()));
    }
}
