using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>The services of the <see cref="MLContext"/> that a component belongs to: seed, device, log, cancellation, and exceptions that name the component.</summary>
internal sealed class MlHost
{
    // The name under which all components write to the log.
    private const string LogSource = "HfTrainer";

    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly IHost _log;

    private MlHost(IHostEnvironment environment, string component)
    {
        MlRuntime.Check();
        (_environment, _host, _log) = (environment, environment.Register(component), environment.Register(LogSource));
    }

    /// <summary>Creates the host of a component of <c>mlContext</c>, or of one loaded by its <c>Model.Load</c>.</summary>
    public static MlHost For(IHostEnvironment environment, string component) => new(environment, component);

    /// <summary>Creates the host of a component of <c>mlContext.Transforms.Text</c>.</summary>
    public static MlHost For(TransformsCatalog.TextTransforms catalog, string component) => new(CatalogUtils.GetEnvironment(catalog), component);

    /// <summary>Creates the host of a component of <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
    public static MlHost For(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string component) =>
        new(CatalogUtils.GetEnvironment(catalog), component);

    /// <summary>Creates the host of a component of <c>mlContext.Regression.Trainers</c>.</summary>
    public static MlHost For(RegressionCatalog.RegressionTrainers catalog, string component) => new(CatalogUtils.GetEnvironment(catalog), component);

    /// <summary>Creates the host of another component of the same context.</summary>
    public MlHost ForComponent(string component) => new(_environment, component);

    /// <summary>The seed of the context.</summary>
    public int? Seed => Settings.Seed;

    /// <summary>The current GPU of the context; null for the CPU.</summary>
    public int? GpuDeviceId => Settings.GpuDeviceId;

    /// <summary>true if the CPU is used if there is no such GPU.</summary>
    public bool FallbackToCpu => Settings.FallbackToCpu;

    // A registered host keeps a copy of the settings; the context has the current ones.
    private IHostEnvironmentInternal Settings => (IHostEnvironmentInternal)_environment;

    /// <summary>Throws if the context was canceled.</summary>
    /// <exception cref="OperationCanceledException">The context was canceled.</exception>
    public void CheckAlive() => _host.CheckAlive();

    /// <summary>Opens a channel to <c>MLContext.Log</c>.</summary>
    public HostChannel Open(string activity) => new(_log.Start(activity));

    /// <summary>Writes a warning to <c>MLContext.Log</c>.</summary>
    public void Warn(string message)
    {
        using var channel = Open("Setup");
        channel.Warning(message);
    }

    /// <summary>Begins the entry of a component in a model's <c>.zip</c>.</summary>
    public ArchiveWriter Write(ModelSaveContext context, ArchiveFormat format) => new(context, format, _host);

    /// <summary>Creates an exception about a column that is missing or has the wrong type, of the type that ML.NET's own components throw.</summary>
    public Exception SchemaError(string message) => _host.Process(new ArgumentOutOfRangeException("inputSchema", message));

    /// <summary>Marks an exception as one of the component.</summary>
    public TException Mark<TException>(TException exception) where TException : Exception => _host.Process(exception);
}
