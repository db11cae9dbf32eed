namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>The format of a transformer's entry in a model's <c>.zip</c>.</summary>
/// <param name="Signature">Eight ASCII characters at the head of the entry.</param>
/// <param name="Loader">The name under which the loader is registered, at most 24 ASCII characters.</param>
/// <param name="Version">The version of the format, from 1; later versions are refused.</param>
internal sealed record ArchiveFormat(string Signature, string Loader, int Version)
{
    // Versions of ML.NET have the major number in the upper 16 bits.
    private const uint Major = 0x00010000;

    public VersionInfo Info => new(Signature, Major + (uint)Version, Major + (uint)Version, Major + 1, typeof(ArchiveFormat).Assembly.FullName, Loader);

    public static int VersionOf(uint written) => (int)(written - Major);
}
