using System.Collections.ObjectModel;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>A file of weights, of whichever format.</summary>
internal interface IWeightFile : IDisposable
{
    /// <summary>The file.</summary>
    string Path { get; }

    /// <summary>The tensors by name.</summary>
    IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>The names under which the file holds something else than tensors.</summary>
    IReadOnlyList<string> Others => [];

    /// <summary>Names of weights that the file does not repeat because they share the memory of another, each with the name of that one; other texts may be among them.</summary>
    IReadOnlyDictionary<string, string> Aliases => ReadOnlyDictionary<string, string>.Empty;

    /// <inheritdoc cref="SafetensorsFile.GetBytes(string)"/>
    ReadOnlySpan<byte> GetBytes(string name);

    /// <inheritdoc cref="SafetensorsFile.GetBytes(string, long, int)"/>
    ReadOnlySpan<byte> GetBytes(string name, long start, int length);
}
