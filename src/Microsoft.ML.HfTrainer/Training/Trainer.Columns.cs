using Microsoft.ML.HfTrainer.Data;

namespace Microsoft.ML.HfTrainer;

// Which features of the examples go into batches.
public partial class Trainer
{
    private IDataCollator CollatorFor(Dataset dataset)
    {
        if (!Args.RemoveUnusedColumns || Model is not INamedInputs model)
            return DataCollator;
        HashSet<string> used = [.. model.InputNames, "label", "label_ids", .. Args.LabelNames ?? [], Batch.ExampleWeights];
        if (dataset.KnownCount > 0 && dataset[0].Keys.Where(name => !used.Contains(name)).ToList() is { Count: > 0 } unused)
            Logger.Info($"The model takes no {string.Join(", ", unused)}: left out of the batches (RemoveUnusedColumns).");
        return new UsedFeatures(DataCollator, used);
    }
}
