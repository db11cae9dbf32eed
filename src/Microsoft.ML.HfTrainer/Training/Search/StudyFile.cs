using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Reporting.LogFiles;

namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>
/// The file of a study: JSON lines, one for each event in order (a trial began, chose a value, was evaluated, ended). A search that is killed leaves at most an incomplete
/// last line; a trial that did not end is run again with the values that it had chosen.
/// </summary>
internal sealed class StudyFile(string path)
{
    public const string Name = "search.jsonl";

    private readonly LogFile _file = new(path);

    /// <summary>Reads the trials so far. If there is no file, one is created.</summary>
    public List<TrialResult> Read(SearchDirection direction)
    {
        var (trials, lines) = (new List<TrialResult>(), _file.ReadLines());
        if (lines.Count == 0)
            Append(writer => writer.WriteString("direction", direction.ToString()));
        for (var i = 0; i < lines.Count; i++)
        {
            try
            {
                using var line = JsonDocument.Parse(lines[i]);
                if (i == 0)
                    CheckDirection(line.RootElement, direction);
                else
                    Replay(line.RootElement, trials);
            }
            catch (Exception failure) when (IsDamage(failure) || i > 0 && failure is ArgumentException)
            {
                throw new InvalidDataException(
                    $"Line {i + 1} of the study '{path}' cannot be read: {failure.Message} Take it out, or delete the file to search anew.", failure);
            }
        }
        return trials;
    }

    public void Began(TrialResult trial) => Append(trial, _ => { });

    public void Chose(TrialResult trial, string name, SearchDistribution distribution, object? value) => Append(trial, writer =>
    {
        writer.WriteString("parameter", name);
        StudyValue.Write(writer, "value", value);
        StudyValue.Write(writer, "from", distribution);
    });

    public void Reported(TrialResult trial, int step, double objective) => Append(trial, writer =>
    {
        writer.WriteNumber("step", step);
        StudyValue.Write(writer, "objective", objective);
    });

    public void Ended(TrialResult trial) => Append(trial, writer =>
    {
        writer.WriteString("status", trial.Status.ToString());
        if (trial.Objective is { } objective)
            StudyValue.Write(writer, "objective", objective);
        if (trial.Error is { } error)
            writer.WriteString("error", error);
    });

    private void CheckDirection(JsonElement line, SearchDirection direction)
    {
        if (line.GetProperty("direction").GetString() is var found && found != direction.ToString())
            throw new ArgumentException(
                $"The study '{path}' was begun with the direction {found}; go on with the same, or give the search another output folder.", nameof(direction));
    }

    private static bool IsDamage(Exception failure) => failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException;

    private static void Replay(JsonElement line, List<TrialResult> trials)
    {
        var number = line.GetProperty("trial").GetInt32();
        if (number == trials.Count)
            trials.Add(new TrialResult(number));
        var trial = trials[number];
        if (line.TryGetProperty("parameter", out var parameter))
            trial.Chose(parameter.GetString()!, StudyValue.ReadDistribution(line.GetProperty("from")), StudyValue.Read(line.GetProperty("value")));
        else if (line.TryGetProperty("step", out var step))
            trial.Reported(step.GetInt32(), StudyValue.ReadNumber(line.GetProperty("objective")));
        else if (line.TryGetProperty("status", out var status))
            trial.Ended(
                Enum.Parse<TrialStatus>(status.GetString()!), line.TryGetProperty("objective", out var objective) ? StudyValue.ReadNumber(objective) : null,
                line.TryGetProperty("error", out var error) ? error.GetString() : null);
        else
            trial.Begun();
    }

    private void Append(TrialResult trial, Action<Utf8JsonWriter> write) => Append(writer =>
    {
        writer.WriteNumber("trial", trial.Number);
        write(writer);
    });

    private void Append(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        _file.Append(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
