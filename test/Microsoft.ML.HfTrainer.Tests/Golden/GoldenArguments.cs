using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Arguments of the original as <see cref="TrainingArguments"/>; a row is skipped for one that the library does not have.</summary>
internal static class GoldenArguments
{
    public static TrainingArguments Read(JsonElement given)
    {
        var arguments = new TrainingArguments { LossNormalization = LossNormalization.Original, RandomStream = RandomStream.Reference, UseCpu = true };
        foreach (var argument in given.EnumerateObject())
            Set(arguments, argument.Name, argument.Value);
        // Where the progress bar is off, the original prints its log by a callback of that name.
        if (arguments.DisableTqdm == true && typeof(Trainer).Assembly.GetType("Microsoft.ML.HfTrainer.PrinterCallback") is null)
            GoldenFolder.Skip("PrinterCallback does not exist");
        if (!Optimizers.Names.Contains(arguments.Optim))
            GoldenFolder.Skip($"optimizer '{arguments.Optim}' is not registered");
        if (!LearningRateSchedules.Names.Contains(arguments.LrSchedulerType))
            GoldenFolder.Skip($"learning-rate schedule '{arguments.LrSchedulerType}' is not registered");
        return arguments;
    }

    private static void Set(TrainingArguments arguments, string name, JsonElement value)
    {
        var property = typeof(TrainingArguments).GetProperties().FirstOrDefault(p => p.Name.Equals(name.Replace("_", ""), StringComparison.OrdinalIgnoreCase) && p.CanWrite);
        if (property is null)
            GoldenFolder.Skip($"TrainingArguments has no '{name}'");
        if (value.ValueKind != JsonValueKind.Null)
            property.SetValue(arguments, Convert(name, value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
    }

    private static object? Convert(string name, JsonElement value, Type type)
    {
        if (!type.IsEnum)
            return value.Deserialize(type);
        if (!Enum.TryParse(type, value.GetString()!.Replace("_", ""), ignoreCase: true, out var choice))
            GoldenFolder.Skip($"'{name}' cannot be '{value.GetString()}'");
        return choice;
    }
}
