using System.Reflection;

namespace Microsoft.ML.HfTrainer;

/// <summary>The catalog of trainers of Hugging Face models, <c>mlContext.HfTrainer</c>.</summary>
public sealed partial class HfTrainerCatalog
{
    private readonly MLContext _mlContext;

    private HfTrainerCatalog(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>Returns the catalog of a context, for languages without extension properties.</summary>
    /// <param name="mlContext">The context.</param>
    public static HfTrainerCatalog Of(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new HfTrainerCatalog(mlContext);
    }

    /// <summary>Creates an engine that predicts single examples for many concurrent callers in batches.</summary>
    /// <typeparam name="TSrc">The class of examples.</typeparam>
    /// <typeparam name="TDst">The class of predictions.</typeparam>
    /// <param name="model">The model. It is not disposed with the engine unless <see cref="BatchPredictionOptions.OwnsTransformer"/> is set.</param>
    /// <param name="options">The size of batches and of the queue; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or <typeparamref name="TSrc"/> lacks a column that the model needs, or has it with another type.</exception>
    public BatchPredictionEngine<TSrc, TDst> CreateBatchPredictionEngine<TSrc, TDst>(ITransformer model, BatchPredictionOptions? options = null)
        where TSrc : class where TDst : class, new() => new(_mlContext, model, options ?? new());

    /// <summary>Loads a model that <c>mlContext.Model.Save</c> has written, as <c>mlContext.Model.Load</c> does. If the file is damaged, for example because it was copied only in part, the message of the exception names it.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The columns of the data that the model was trained on; null if they were not saved.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or is not a model that ML.NET has saved.</exception>
    public ITransformer LoadModel(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        try
        {
            return _mlContext.Model.Load(filePath, out inputSchema);
        }
        catch (Exception failure) when (CauseOf(failure) is var cause && IsDamage(cause))
        {
            throw new InvalidDataException(FormattableString.Invariant($"{Path.GetFullPath(filePath)}: the file, of {new FileInfo(filePath).Length:N0} bytes, is damaged or not a model that ML.NET has saved: {CauseOf(failure).Message.TrimEnd('.')}. Copy or save it again."), failure);
        }
    }

    // ML.NET creates each part of a model by reflection, and says no more than that this failed.
    private static Exception CauseOf(Exception failure) => failure is TargetInvocationException or InvalidOperationException && failure.InnerException is { } inner ? CauseOf(inner) : failure;

    private static bool IsDamage(Exception cause) => cause is InvalidDataException or FormatException or EndOfStreamException;
}
