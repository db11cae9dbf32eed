using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Reporting.LogFiles;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes each log record as one line of JSON: its values by name, and the <c>step</c>, like an entry of <c>log_history</c> in
/// <c>trainer_state.json</c>. JSON has no number for them, so NaN and the infinities are the texts <c>"NaN"</c>, <c>"Infinity"</c> and
/// <c>"-Infinity"</c>.
/// </summary>
/// <remarks>
/// A run starts the file anew; one that goes on from a checkpoint keeps the records up to that checkpoint, and so has no record twice. Each record is on
/// disk when the next update begins; a process that is killed leaves at most the last line in part.
/// </remarks>
/// <param name="path">The file; its folder is made if need be.</param>
public sealed class JsonLinesReporter(string path) : ITrainerReporter
{
    private readonly LogFile _file = new(path);

    /// <inheritdoc/>
    public void Begin(CallbackContext context) => _file.Replace(context.State.LogHistory.Select(Line));

    /// <inheritdoc/>
    public void Report(CallbackContext context, LogRecord logs) => _file.Append(Line(new LogRecord(logs) { ["step"] = context.State.GlobalStep }));

    private static string Line(LogRecord record)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in record)
                Write(writer, name, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
