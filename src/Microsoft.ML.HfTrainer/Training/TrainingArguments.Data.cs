using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Indicates whether training uses deterministic algorithms only; an operation that has none throws an exception. Default: false.</summary>
    public bool FullDeterminism { get; set; }

    /// <summary>
    /// Seed for the initialization of new weights, dropout and the order of the examples. If null, the seed of <see cref="MLContext"/> in a pipeline, otherwise
    /// 42. Default: null.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>Seed for the order of the examples. If null, <see cref="Seed"/>. Default: null.</summary>
    public int? DataSeed { get; set; }

    /// <summary>Specifies how random numbers for dropout are drawn. Default: <see cref="RandomStream.Fast"/>.</summary>
    public RandomStream RandomStream { get; set; }

    /// <summary>Indicates whether the CPU is used even if a GPU is available. Default: false.</summary>
    /// <remarks>Also true if the environment variable <c>ACCELERATE_USE_CPU</c> is <c>true</c>.</remarks>
    public bool UseCpu
    {
        get => field || EnvironmentSettings.UseCpu;
        set;
    }

    /// <summary>Indicates whether the last batch is dropped if it is incomplete, in training and evaluation. Default: false.</summary>
    public bool DataloaderDropLast { get; set; }

    /// <summary>Number of background threads that read and collate batches. If 0, the training thread does it. Default: 0.</summary>
    public int DataloaderNumWorkers { get; set; }

    /// <summary>
    /// Indicates whether batches for a GPU are placed in pinned memory. Default: true. No effect: batches are copied to the GPU from pageable memory.
    /// </summary>
    [NoEffect("batches are copied to the GPU from pageable memory")]
    public bool DataloaderPinMemory { get; set; } = true;

    /// <summary>
    /// Indicates whether the workers that load batches are kept alive between epochs. Default: false. No effect: workers are threads, which cost almost nothing
    /// to start.
    /// </summary>
    [NoEffect("workers are threads, which cost almost nothing to start")]
    public bool DataloaderPersistentWorkers { get; set; }

    /// <summary>Number of batches that each background thread prepares in advance. If null, 2. Default: null.</summary>
    public int? DataloaderPrefetchFactor { get; set; }

    /// <summary>Indicates whether batches are delivered in order. Default: true. No effect: batches are always delivered in order.</summary>
    [NoEffect("batches are always delivered in order")]
    public bool DataloaderInOrder { get; set; } = true;

    /// <summary>Indicates whether columns that neither the model nor the collator uses are removed before batches are collated. Default: true.</summary>
    public bool RemoveUnusedColumns { get; set; } = true;

    /// <summary>Specifies the order of the training examples in each epoch. Default: <see cref="TrainSamplingStrategy.Random"/>.</summary>
    public TrainSamplingStrategy TrainSamplingStrategy { get; set; }

    /// <summary>Name of the column with the length of each example, for sampling by length. Without such a column, the tokens are counted. Default: "length".</summary>
    public string LengthColumnName { get; set; } = "length";

    internal int ResolvedSeed => Seed ?? DefaultSeed;
}
