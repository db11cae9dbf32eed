using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainerState
{
    /// <summary>The saved states of callbacks in the checkpoint that this was read from, by class name.</summary>
    internal JsonObject SavedCallbacks { get; private set; } = [];

    /// <summary>Reads a state that <see cref="ToJson"/> or Hugging Face wrote; unknown fields are ignored.</summary>
    /// <param name="json">UTF-8 JSON; NaN and the infinities may be written by name.</param>
    /// <param name="file">The name of the file in error messages.</param>
    /// <exception cref="InvalidDataException">The text is not a JSON object, or a field has a value of the wrong kind.</exception>
    public static TrainerState FromJson(ReadOnlySpan<byte> json, string file = FileName)
    {
        JsonObject fields;
        try
        {
            fields = PythonJson.ParseObject(json);
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"{file}: it is no JSON object: {failure.Message}", failure);
        }
        var state = new TrainerState
        {
            Epoch = Real("epoch") ?? 0,
            GlobalStep = Int("global_step", 0),
            MaxSteps = Int("max_steps", 0),
            LoggingSteps = Int("logging_steps", 500),
            EvalSteps = Int("eval_steps", 500),
            SaveSteps = Int("save_steps", 500),
            TrainBatchSize = fields["train_batch_size"] is null ? null : Int("train_batch_size", 0),
            NumTrainEpochs = Int("num_train_epochs", 0),
            NumInputTokensSeen = (long)Whole("num_input_tokens_seen", 0, long.MaxValue),
            TotalFlos = Real("total_flos") ?? 0,
            BestMetric = Real("best_metric"),
            BestGlobalStep = fields["best_global_step"] is null ? null : Int("best_global_step", 0),
            BestModelCheckpoint = fields["best_model_checkpoint"] is JsonValue path ? path.ToString() : null,
            SavedCallbacks = fields["stateful_callbacks"] as JsonObject ?? [],
        };
        foreach (var record in fields["log_history"] as JsonArray ?? [])
            state.LogHistory.Add(Record(record as JsonObject ?? throw Bad("log_history", record, "a list of objects")));
        return state;

        double? Real(string name) => fields[name] is not { } node ? null : PythonJson.Number(node) ?? throw Bad(name, node, "a number");

        int Int(string name, int otherwise) => (int)Whole(name, otherwise, int.MaxValue);

        double Whole(string name, double otherwise, double largest) =>
            Real(name) is not { } value ? otherwise : value == Math.Floor(value) && value >= -1 && value <= largest ? value : throw Bad(name, fields[name], "a whole number");

        InvalidDataException Bad(string name, JsonNode? found, string expected) =>
            new($"{file}: '{name}' is {JsonText.Show(found?.ToJsonString() ?? "null")}; it should be {expected}.");
    }

    /// <summary>Copies another state, except for its callbacks.</summary>
    internal void CopyFrom(TrainerState other)
    {
        (Epoch, GlobalStep, MaxSteps, NumTrainEpochs, TrainBatchSize) = (other.Epoch, other.GlobalStep, other.MaxSteps, other.NumTrainEpochs, other.TrainBatchSize);
        (LoggingSteps, EvalSteps, SaveSteps) = (other.LoggingSteps, other.EvalSteps, other.SaveSteps);
        (TotalFlos, NumInputTokensSeen) = (other.TotalFlos, other.NumInputTokensSeen);
        (BestMetric, BestGlobalStep, BestModelCheckpoint, SavedCallbacks) = (other.BestMetric, other.BestGlobalStep, other.BestModelCheckpoint, other.SavedCallbacks);
        LogHistory.Clear();
        LogHistory.AddRange(other.LogHistory);
    }

    // A record has no room for text that a callback logged.
    private static LogRecord Record(JsonObject fields)
    {
        var record = new LogRecord();
        foreach (var (name, value) in fields)
            if (PythonJson.Number(value) is { } number)
                record[name] = number;
        return record;
    }
}
