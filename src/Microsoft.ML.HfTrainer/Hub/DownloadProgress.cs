namespace Microsoft.ML.HfTrainer;

/// <summary>How far the download of a file is.</summary>
/// <param name="Repository">The id of the repository on the hub.</param>
/// <param name="File">The file's path in the repository.</param>
/// <param name="Received">The bytes that have come.</param>
/// <param name="Size">The bytes of the whole file; null where the hub does not say.</param>
public sealed record DownloadProgress(string Repository, string File, long Received, long? Size);
