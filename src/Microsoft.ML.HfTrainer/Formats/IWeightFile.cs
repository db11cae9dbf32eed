namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>A file of weights, of whichever format.</summary>
internal interface IWeightFile : IDisposable
{
    /// <summary>The file.</summary>
    string Path { get; }

    /// <summary>The tensors by name.</summary>
    IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <inheritdoc cref="SafetensorsFile.GetBytes(string)"/>
    ReadOnlySpan<byte> GetBytes(string name);

    /// <inheritdoc cref="SafetensorsFile.GetBytes(string, long, int)"/>
    ReadOnlySpan<byte> GetBytes(string name, long start, int length);
}
