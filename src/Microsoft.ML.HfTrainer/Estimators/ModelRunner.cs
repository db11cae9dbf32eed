using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Runs a trained model on batches, on any number of threads, until it is disposed.</summary>
/// <param name="owner">The object that a later use finds disposed.</param>
/// <param name="trained">The model.</param>
/// <param name="collator">Makes batches of examples.</param>
internal sealed class ModelRunner(object owner, TrainedModel trained, IDataCollator collator) : IModelRunner, IDisposable
{
    private readonly Lazy<long> _matrixParameters = new(() => ModelWork.MatrixParameters(trained.Model));

    /// <summary>Counts the uses of the model.</summary>
    public ModelLease Lease { get; } = new(owner);

    public int BatchSize => trained.BatchSize;

    public TResult[] Predict<TResult>(IReadOnlyList<Example> examples, Func<int, string> nameOf, Func<TrainedModel, Batch, TResult[]> run)
    {
        using var use = Lease.Begin();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var device = ComputeDevice.Of(trained.Model);
        using var batch = collator.Collate(examples);
        batch.Source = examples.ToSource(nameOf);
        batch.To(device);
        using var threads = ComputeThreads.For(device, batch.Values.Max(tensor => tensor.numel()) * (double)_matrixParameters.Value);
        return run(trained, batch);
    }

    /// <summary>Frees the model, after waiting for predictions that are running.</summary>
    public void Dispose()
    {
        if (Lease.End())
            trained.Model.Dispose();
    }
}
