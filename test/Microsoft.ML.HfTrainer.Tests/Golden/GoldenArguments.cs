using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Arguments of the original as <see cref="TrainingArguments"/>; a row is skipped for one that asks for what the library does not have.</summary>
internal static class GoldenArguments
{
    public static TrainingArguments Read(JsonElement given)
    {
        var arguments = Parse(given);
        (arguments.LossNormalization, arguments.RandomStream, arguments.UseCpu) = (LossNormalization.Original, RandomStream.Reference, true);
        if (!Optimizers.Names.Contains(arguments.Optim))
            GoldenFolder.Skip($"optimizer '{arguments.Optim}' is not registered");
        if (!LearningRateSchedules.Names.Contains(arguments.LrSchedulerType))
            GoldenFolder.Skip($"learning-rate schedule '{arguments.LrSchedulerType}' is not registered");
        return arguments;
    }

    private static TrainingArguments Parse(JsonElement given)
    {
        try
        {
            return TrainingArguments.FromJson(Encoding.UTF8.GetBytes(given.GetRawText()));
        }
        catch (InvalidArgumentsException exception) when (exception.Faults.All(fault => fault.Kind == ArgumentFaultKind.Refused))
        {
            GoldenFolder.Skip(exception.Faults[0].Message);
            throw;
        }
    }
}
