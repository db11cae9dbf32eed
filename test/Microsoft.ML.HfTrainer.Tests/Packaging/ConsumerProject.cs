namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>A project outside this repository that references packed packages: its source is a folder of <c>test/Fixtures/consumers</c>.</summary>
internal sealed class ConsumerProject : IDisposable
{
    private readonly PackedFeed _feed;

    /// <param name="feed">Where the packages of this repository come from.</param>
    /// <param name="source">The folder below <c>test/Fixtures/consumers</c> with the project's C# files.</param>
    /// <param name="packages">
    /// The packages it references; those of this repository in the feed's version, TorchSharp's in the version of this build, others in the version that follows an <c>@</c>.
    /// </param>
    public ConsumerProject(PackedFeed feed, string source, params string[] packages)
    {
        (_feed, Name) = (feed, source);
        var fixture = Path.Combine(Repository.Root, "test", "Fixtures", "consumers", source);
        foreach (var file in Directory.EnumerateFiles(fixture))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        Write("nuget.config", feed.NuGetConfig);
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write($"{source}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <!-- libtorch is a gigabyte; an output of a test need not hold a copy of it. -->
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(packages.Select(package => package.Split('@')).Select(package => $"""<PackageReference Include="{package[0]}" Version="{package.ElementAtOrDefault(1) ?? VersionOf(package[0])}" />"""))}
              </ItemGroup>
            </Project>
            """);
    }

    public string Name { get; }

    /// <summary>The project's folder, deleted by <see cref="Dispose"/>.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hftrainer-consumer-").FullName;

    /// <summary>What <see cref="Build"/> made.</summary>
    public string OutputFolder => Path.Combine(Folder, "bin", "Release", "net10.0");

    /// <summary>The program that <see cref="Build"/> made.</summary>
    public string Program => Path.Combine(OutputFolder, $"{Name}.dll");

    public CommandResult Build(params string[] options) => DotNet(["build", "-c", "Release", "-v:q", .. options]).Succeeded();

    /// <summary>Publishes into a folder of its own, which it returns.</summary>
    public string Publish(string folder, params string[] options)
    {
        var output = Path.Combine(Folder, "published", folder);
        DotNet(["publish", "-c", "Release", "-v:q", "-o", output, .. options]).Succeeded();
        return output;
    }

    /// <summary>Runs what <see cref="Build"/> made.</summary>
    public CommandResult Run(params string[] arguments) => RunAt(OutputFolder, arguments);

    /// <summary>Runs a copy of the program in another folder: a published one, as a file of its own if it is one.</summary>
    public CommandResult RunAt(string folder, params string[] arguments) => Path.Combine(folder, $"{Name}.dll") is var assembly && File.Exists(assembly)
        ? CommandLine.DotNet(folder, _nothing, [assembly, .. arguments])
        : CommandLine.Run(Path.Combine(folder, Name), folder, _nothing, arguments);

    public CommandResult DotNet(params string[] arguments) => CommandLine.DotNet(Folder, _feed.BuildEnvironment, arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static readonly Dictionary<string, string?> _nothing = [];

    private string VersionOf(string package) => package.StartsWith("TorchSharp", StringComparison.Ordinal) ? Repository.TorchSharpVersion : _feed.Version;

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);
}
