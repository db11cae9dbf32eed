namespace Microsoft.ML.HfTrainer;

/// <summary>The progress of the download of a file.</summary>
/// <param name="Repository">The id of the repository on the hub.</param>
/// <param name="File">The file's path in the repository.</param>
/// <param name="Received">The number of bytes received.</param>
/// <param name="Size">The size of the file in bytes; null if the server does not announce it.</param>
public sealed record DownloadProgress(string Repository, string File, long Received, long? Size);
