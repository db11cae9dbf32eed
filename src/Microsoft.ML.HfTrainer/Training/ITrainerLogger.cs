namespace Microsoft.ML.HfTrainer;

/// <summary>Where a trainer says in words what it does; in a pipeline it is <c>MLContext.Log</c>.</summary>
public interface ITrainerLogger
{
    /// <summary>Something worth knowing.</summary>
    void Info(string message);

    /// <summary>Something that may be wrong.</summary>
    void Warning(string message);
}

/// <summary>Says nothing.</summary>
internal sealed class SilentLogger : ITrainerLogger
{
    public void Info(string message)
    {
    }

    public void Warning(string message)
    {
    }
}
