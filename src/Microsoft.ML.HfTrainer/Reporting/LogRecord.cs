namespace Microsoft.ML.HfTrainer;

/// <summary>A record of the log: values by name, in the order in which they were logged.</summary>
public sealed class LogRecord : Dictionary<string, double>
{
    /// <summary>Creates an empty record.</summary>
    public LogRecord()
    {
    }

    /// <summary>Creates a record with the given values.</summary>
    public LogRecord(IEnumerable<KeyValuePair<string, double>> values) : base(values)
    {
    }
}
