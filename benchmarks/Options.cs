using System.Globalization;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>The options of the command line.</summary>
internal sealed record Options(string Workload, string Precision, int? Steps, string Shared)
{
    public static Options Parse(string[] args)
    {
        string? workload = null, shared = Environment.GetEnvironmentVariable("HFTRAINER_SHARED");
        var precision = "fp32";
        int? steps = null;
        for (var i = 0; i < args.Length; i++)
        {
            var value = () => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[^1]} needs a value.");
            switch (args[i])
            {
                case "--precision": precision = value(); break;
                case "--steps": steps = int.Parse(value(), CultureInfo.InvariantCulture); break;
                case "--shared": shared = value(); break;
                default: workload = args[i]; break;
            }
        }
        if (precision is not ("fp32" or "bf16"))
            throw new ArgumentException($"--precision is '{precision}'; it should be fp32 or bf16.");
        return new Options(
            workload ?? throw new ArgumentException("Name a workload, such as classify-minilm."), precision, steps,
            Path.GetFullPath(string.IsNullOrEmpty(shared) ? "../shared" : shared, RepositoryRoot()));
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HfTrainer.sln")))
                return folder.FullName;
        return Environment.CurrentDirectory;
    }
}
