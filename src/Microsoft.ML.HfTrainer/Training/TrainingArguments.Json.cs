using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    // Every setting that a checkpoint records, by its name in C#; the name in JSON follows from it.
    private static readonly (string Name, Func<TrainingArguments, object?> Value)[] _fields =
    [
        (nameof(OutputDir), a => a.OutputDir),
        (nameof(PerDeviceTrainBatchSize), a => a.PerDeviceTrainBatchSize),
        (nameof(PerDeviceEvalBatchSize), a => a.PerDeviceEvalBatchSize),
        (nameof(NumTrainEpochs), a => a.NumTrainEpochs),
        (nameof(MaxSteps), a => a.MaxSteps),
        (nameof(GradientAccumulationSteps), a => a.GradientAccumulationSteps),
        (nameof(LearningRate), a => a.LearningRate),
        (nameof(LrSchedulerType), a => a.LrSchedulerType),
        (nameof(WarmupSteps), a => a.WarmupSteps),
        (nameof(Optim), a => a.Optim),
        (nameof(WeightDecay), a => a.WeightDecay),
        (nameof(AdamBeta1), a => a.AdamBeta1),
        (nameof(AdamBeta2), a => a.AdamBeta2),
        (nameof(AdamEpsilon), a => a.AdamEpsilon),
        (nameof(MaxGradNorm), a => a.MaxGradNorm),
        (nameof(LossNormalization), a => a.LossNormalization),
        (nameof(LoggingStrategy), a => a.LoggingStrategy),
        (nameof(LoggingSteps), a => a.LoggingSteps),
        (nameof(LoggingFirstStep), a => a.LoggingFirstStep),
        (nameof(LoggingNanInfFilter), a => a.LoggingNanInfFilter),
        (nameof(EvalStrategy), a => a.EvalStrategy),
        (nameof(EvalSteps), a => a.EvalSteps),
        (nameof(EvalDelay), a => a.EvalDelay),
        (nameof(SaveStrategy), a => a.SaveStrategy),
        (nameof(SaveSteps), a => a.SaveSteps),
        (nameof(SaveTotalLimit), a => a.SaveTotalLimit),
        (nameof(SaveOnlyModel), a => a.SaveOnlyModel),
        (nameof(LoadBestModelAtEnd), a => a.LoadBestModelAtEnd),
        (nameof(MetricForBestModel), a => a.BestMetric),
        (nameof(GreaterIsBetter), a => a.BestMetric is null ? a.GreaterIsBetter : a.HigherIsBetter),
        (nameof(Seed), a => a.ResolvedSeed),
        (nameof(DataSeed), a => a.DataSeed),
        (nameof(TrainSamplingStrategy), a => a.TrainSamplingStrategy),
        (nameof(RandomStream), a => a.RandomStream),
        (nameof(DataloaderDropLast), a => a.DataloaderDropLast),
        (nameof(UseCpu), a => a.UseCpu),
        (nameof(DisableTqdm), a => a.DisableTqdm),
    ];

    /// <summary>The settings as indented UTF-8 JSON under the original's names.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in _fields)
                Write(writer, SnakeCase(name), value(this));
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static string SnakeCase(string name) => Regex.Replace(name, "(?<!^)([A-Z])", "_$1").ToLowerInvariant();

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNull(name); break;
            case bool flag: writer.WriteBoolean(name, flag); break;
            case int number: writer.WriteNumber(name, number); break;
            case double number: writer.WriteNumber(name, number); break;
            case Enum choice: writer.WriteString(name, choice.ToString().ToLowerInvariant()); break;
            default: writer.WriteString(name, (string)value); break;
        }
    }
}
