using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer;

/// <summary>The state of a run, saved in every checkpoint as <c>trainer_state.json</c>.</summary>
public sealed partial class TrainerState
{
    /// <summary>The name of the file in a checkpoint.</summary>
    public const string FileName = Checkpoints.CheckpointFiles.State;

    /// <summary>Gets or sets the number of epochs trained, including the fraction of the current one.</summary>
    public double Epoch { get; set; }

    /// <summary>Gets or sets the number of updates made.</summary>
    public int GlobalStep { get; set; }

    /// <summary>Gets or sets the number of updates of the whole run.</summary>
    public int MaxSteps { get; set; }

    /// <summary>Gets or sets the number of updates between logs.</summary>
    public int LoggingSteps { get; set; } = 500;

    /// <summary>Gets or sets the number of updates between evaluations.</summary>
    public int EvalSteps { get; set; } = 500;

    /// <summary>Gets or sets the number of updates between checkpoints.</summary>
    public int SaveSteps { get; set; } = 500;

    /// <summary>Gets or sets the number of examples per micro-batch.</summary>
    public int? TrainBatchSize { get; set; }

    /// <summary>Gets or sets the number of epochs of the run, the last of which may end early.</summary>
    public int NumTrainEpochs { get; set; }

    /// <summary>Gets or sets the number of floating-point operations so far, as Hugging Face estimates them.</summary>
    public double TotalFlos { get; set; }

    /// <summary>Gets or sets the number of input tokens so far, if <see cref="TrainingArguments.IncludeNumInputTokensSeen"/> counts them.</summary>
    public long NumInputTokensSeen { get; set; }

    /// <summary>Gets all records logged.</summary>
    public List<LogRecord> LogHistory { get; } = [];

    /// <summary>Gets or sets the best value of <see cref="TrainingArguments.MetricForBestModel"/> so far.</summary>
    public double? BestMetric { get; set; }

    /// <summary>Gets or sets the update after which the best value was measured.</summary>
    public int? BestGlobalStep { get; set; }

    /// <summary>Gets or sets the checkpoint of that update.</summary>
    public string? BestModelCheckpoint { get; set; }

    /// <summary>Gets or sets the name of the trial of a hyperparameter search; null if the run is not a trial.</summary>
    public string? TrialName { get; set; }

    /// <summary>Gets or sets the values that the search chose for the trial, by name.</summary>
    public IReadOnlyDictionary<string, object?>? TrialParams { get; set; }

    /// <summary>The callbacks whose state is saved in checkpoints; those of one class form a list there.</summary>
    internal IReadOnlyList<IStatefulCallback> StatefulCallbacks { get; set; } = [];

    internal void Begin(TrainingArguments args, Training.StepPlan plan)
    {
        (Epoch, GlobalStep, TotalFlos, NumInputTokensSeen, BestMetric, BestGlobalStep, BestModelCheckpoint) = (0, 0, 0, 0, null, null, null);
        (MaxSteps, NumTrainEpochs, TrainBatchSize) = (plan.MaxSteps, plan.Epochs, args.PerDeviceTrainBatchSize);
        (LoggingSteps, EvalSteps, SaveSteps) = (plan.Absolute(args.LoggingSteps), plan.Absolute(args.EvalInterval), plan.Absolute(args.SaveSteps));
        LogHistory.Clear();
    }

    /// <summary>Returns the state as indented UTF-8 JSON with sorted names, as Hugging Face writes it.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", SkipValidation = true }))
        {
            writer.WriteStartObject();
            WriteNumber(writer, "best_global_step", BestGlobalStep);
            WriteNumber(writer, "best_metric", BestMetric);
            writer.WriteString("best_model_checkpoint", BestModelCheckpoint);
            WriteNumber(writer, "epoch", Epoch);
            writer.WriteNumber("eval_steps", EvalSteps);
            writer.WriteNumber("global_step", GlobalStep);
            writer.WriteBoolean("is_hyper_param_search", TrialName is not null);
            writer.WriteBoolean("is_local_process_zero", true);
            writer.WriteBoolean("is_world_process_zero", true);
            WriteHistory(writer);
            writer.WriteNumber("logging_steps", LoggingSteps);
            writer.WriteNumber("max_steps", MaxSteps);
            writer.WriteNumber("num_input_tokens_seen", NumInputTokensSeen);
            writer.WriteNumber("num_train_epochs", NumTrainEpochs);
            writer.WriteNumber("save_steps", SaveSteps);
            WriteCallbacks(writer);
            WriteNumber(writer, "total_flos", TotalFlos);
            WriteNumber(writer, "train_batch_size", TrainBatchSize);
            writer.WriteString("trial_name", TrialName);
            WriteTrial(writer);
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private void WriteHistory(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("log_history");
        foreach (var record in LogHistory)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in record.OrderBy(p => p.Key, StringComparer.Ordinal))
                WriteNumber(writer, name, value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteTrial(Utf8JsonWriter writer)
    {
        if (TrialParams is null)
        {
            writer.WriteNull("trial_params");
            return;
        }
        writer.WriteStartObject("trial_params");
        foreach (var (name, value) in TrialParams.OrderBy(p => p.Key, StringComparer.Ordinal))
            StudyValue.Write(writer, name, value);
        writer.WriteEndObject();
    }

    private void WriteCallbacks(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("stateful_callbacks");
        foreach (var ofClass in StatefulCallbacks.GroupBy(c => c.GetType().Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            JsonNode[] states = [.. ofClass.Select(c => c.ExportState())];
            writer.WritePropertyName(ofClass.Key);
            (states.Length == 1 ? states[0] : new JsonArray(states)).WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    // Python reads and writes NaN and the infinities by these names, which are not part of JSON.
    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else if (double.IsFinite(value.Value))
            writer.WriteNumber(name, value.Value);
        else
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Value.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
        }
    }
}
