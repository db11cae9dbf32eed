using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Whether operations without a reproducible algorithm fail, and the others take theirs.</summary>
    public bool FullDeterminism { get; set; }

    /// <summary>The seed of new weights, dropout and order; null: MLContext's in a pipeline, else 42.</summary>
    public int? Seed { get; set; }

    /// <summary>The seed of the order of examples; null: <see cref="Seed"/>.</summary>
    public int? DataSeed { get; set; }

    /// <summary>Where random numbers of dropout come from.</summary>
    public RandomStream RandomStream { get; set; }

    /// <summary>Whether the CPU is used even where there is a GPU.</summary>
    /// <remarks>Also true where the environment says <c>ACCELERATE_USE_CPU=true</c>.</remarks>
    public bool UseCpu
    {
        get => field || EnvironmentSettings.UseCpu;
        set;
    }

    /// <summary>Whether a last batch with fewer examples is left out, in training and evaluation.</summary>
    public bool DataloaderDropLast { get; set; }

    /// <summary>Threads that make batches in the background; 0: the training thread makes them.</summary>
    public int DataloaderNumWorkers { get; set; }

    /// <summary>Whether batches for a GPU are put into page-locked memory.</summary>
    [NoEffect("batches go to a GPU from ordinary memory")]
    public bool DataloaderPinMemory { get; set; } = true;

    /// <summary>Whether the threads that make batches live on from epoch to epoch.</summary>
    [NoEffect("threads make batches, and cost nothing to start anew")]
    public bool DataloaderPersistentWorkers { get; set; }

    /// <summary>Batches that each background thread is ahead; null: 2.</summary>
    public int? DataloaderPrefetchFactor { get; set; }

    /// <summary>Whether batches come in order however long each took to make.</summary>
    [NoEffect("batches always come in order")]
    public bool DataloaderInOrder { get; set; } = true;

    /// <summary>Whether columns that the model does not take are left out of batches.</summary>
    public bool RemoveUnusedColumns { get; set; } = true;

    /// <summary>The order in which each epoch goes through the examples.</summary>
    public TrainSamplingStrategy TrainSamplingStrategy { get; set; }

    /// <summary>The column that holds an example's length, for sampling by length; where there is none, lengths are counted.</summary>
    public string LengthColumnName { get; set; } = "length";

    internal int ResolvedSeed => Seed ?? DefaultSeed;
}
