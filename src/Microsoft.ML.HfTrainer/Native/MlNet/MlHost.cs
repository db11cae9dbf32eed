using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>What a component gets from the <see cref="MLContext"/> that it was made by: seed, device, log, cancellation, and exceptions that name it.</summary>
internal sealed class MlHost
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;

    private MlHost(IHostEnvironment environment, string component)
    {
        (_environment, _host) = (environment, environment.Register(component));
    }

    /// <summary>The host of a component made by <c>mlContext</c>, or loaded by its <c>Model.Load</c>.</summary>
    public static MlHost For(IHostEnvironment environment, string component) => new(environment, component);

    /// <summary>The host of a component made by <c>mlContext.Transforms.Text</c>.</summary>
    public static MlHost For(TransformsCatalog.TextTransforms catalog, string component) => new(CatalogUtils.GetEnvironment(catalog), component);

    /// <summary>The host of a component made by <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
    public static MlHost For(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string component) =>
        new(CatalogUtils.GetEnvironment(catalog), component);

    /// <summary>The host of another component of the same context.</summary>
    public MlHost ForComponent(string component) => new(_environment, component);

    /// <summary>MLContext's seed.</summary>
    public int? Seed => Settings.Seed;

    /// <summary>MLContext's GPU, as it is set now; null: the CPU.</summary>
    public int? GpuDeviceId => Settings.GpuDeviceId;

    /// <summary>Whether the CPU may stand in for the GPU.</summary>
    public bool FallbackToCpu => Settings.FallbackToCpu;

    // A registered host keeps a copy of the settings; the context itself has them as they are.
    private IHostEnvironmentInternal Settings => (IHostEnvironmentInternal)_environment;

    /// <summary>Throws if the context was cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void CheckAlive() => _host.CheckAlive();

    /// <summary>Opens a channel to <c>MLContext.Log</c>.</summary>
    public HostChannel Open(string activity) => new(_host.Start(activity));

    /// <summary>Begins a component's entry in a model's <c>.zip</c>.</summary>
    public ArchiveWriter Write(ModelSaveContext context, ArchiveFormat format) => new(context, format, _host);

    /// <summary>An exception about a column that is missing or has the wrong type, as ML.NET's own components throw it.</summary>
    public Exception SchemaError(string message) => _host.Process(new ArgumentOutOfRangeException("inputSchema", message));

    /// <summary>Notes in an exception which component it comes from.</summary>
    public TException Mark<TException>(TException exception) where TException : Exception => _host.Process(exception);
}
