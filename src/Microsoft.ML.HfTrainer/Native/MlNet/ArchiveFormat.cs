namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>How a transformer is marked in a model's <c>.zip</c>.</summary>
/// <param name="Signature">Eight ASCII characters at the head of its entry.</param>
/// <param name="Loader">The name under which its loader is registered, at most 24 ASCII characters.</param>
/// <param name="Version">The version of its format, from 1; a file of a later one is refused.</param>
internal sealed record ArchiveFormat(string Signature, string Loader, int Version)
{
    // ML.NET's versions are hexadecimal with the major number in the upper half.
    private const uint Major = 0x00010000;

    public VersionInfo Info => new(Signature, Major + (uint)Version, Major + (uint)Version, Major + 1, typeof(ArchiveFormat).Assembly.FullName, Loader);

    public static int VersionOf(uint written) => (int)(written - Major);
}
