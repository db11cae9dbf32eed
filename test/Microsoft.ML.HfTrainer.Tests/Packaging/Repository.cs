using System.Reflection;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>Where this repository and its build lie.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The package cache that this build was restored into.</summary>
    public static string PackageCache { get; } = Metadata("PackageCache");

    /// <summary>Debug or Release, as this assembly was built.</summary>
    public static string Configuration { get; } = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public static string TorchSharpVersion => TorchLibrary.TorchSharpVersion;

    private static string Metadata(string key) => Path.TrimEndingDirectorySeparator(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!);
}
