using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>
/// Where the numbers produced by the original lie. The repository carries a small part of them; the variable HFTRAINER_GOLDEN points to
/// more. Relative paths count from the root of the repository.
/// </summary>
internal static class GoldenFolder
{
    /// <summary>The root of the repository: the folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of golden data (HFTRAINER_GOLDEN).</summary>
    public static string Path { get; } = Resolve("HFTRAINER_GOLDEN", "test/Fixtures/golden");

    /// <summary>The folder of what is too large for the repository (HFTRAINER_SHARED); it need not exist.</summary>
    public static string Shared { get; } = Resolve("HFTRAINER_SHARED", "../shared");

    /// <summary>The folders with cases of one suite, such as <c>tokenizers</c>: those that hold <paramref name="caseFile"/>, by name.</summary>
    public static IReadOnlyList<string> Cases(string suite, string caseFile)
    {
        var root = System.IO.Path.Combine(Path, suite);
        return Directory.Exists(root)
            ? [.. Directory.GetDirectories(root).Where(folder => File.Exists(System.IO.Path.Combine(folder, caseFile))).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Reads a JSON file, unpacked if its name ends in .gz.</summary>
    public static JsonDocument ReadJson(string file)
    {
        using var stream = File.OpenRead(file);
        if (!file.EndsWith(".gz", StringComparison.Ordinal))
            return JsonDocument.Parse(stream);
        using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        return JsonDocument.Parse(unpacked);
    }

    /// <summary>Fails where a suite has found nothing to compare with.</summary>
    public static void AssertFound(string suite, int count) =>
        Assert.IsGreaterThan(0, count, $"no case of '{suite}' below {Path}: is HFTRAINER_GOLDEN right?");

    /// <summary>Reports a row as skipped because the library lacks <paramref name="feature"/>: nowhere else is a golden row skipped.</summary>
    [DoesNotReturn]
    public static void Skip(string feature)
    {
        Assert.Inconclusive($"not covered: {feature}");
        throw new InvalidOperationException();
    }

    private static string Resolve(string variable, string otherwise)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        return System.IO.Path.GetFullPath(string.IsNullOrEmpty(value) ? otherwise : value, Repository);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "HfTrainer.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds HfTrainer.sln.");
    }
}
