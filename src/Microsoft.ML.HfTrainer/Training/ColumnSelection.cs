using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Selects the features of the examples that become tensors of a batch.</summary>
internal static class ColumnSelection
{
    /// <summary>Returns a collator that leaves out the features that neither the model nor the collator reads, if the settings ask for it and the model names its inputs.</summary>
    public static IDataCollator Apply(IDataCollator collator, Dataset dataset, ITrainableModel model, TrainingArguments args, ILogger logger)
    {
        if (!args.RemoveUnusedColumns || model.InputNames is not { } inputs)
            return collator;
        HashSet<string> used = [.. inputs, .. Batch.OtherLabelNames, .. args.LabelNames ?? [], Batch.ExampleWeights, .. collator.InputNames];
        if (dataset.KnownCount > 0 && dataset[0].Keys.Where(name => !used.Contains(name)).ToList() is { Count: > 0 } unused)
            logger.Info($"The model takes no {string.Join(", ", unused)}: left out of the batches (RemoveUnusedColumns).");
        return new UsedFeatures(collator, used);
    }
}
