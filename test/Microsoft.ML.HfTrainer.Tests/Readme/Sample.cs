using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>A C# sample of a page of the documentation.</summary>
/// <param name="Page">The page, relative to the root of the repository.</param>
/// <param name="Line">The line of its first line.</param>
/// <param name="Code">The sample.</param>
internal sealed partial record Sample(string Page, int Line, string Code)
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;
        """;

    private const string FragmentUsings = """
        global using System.Text.Json.Nodes; global using Microsoft.ML; global using Microsoft.ML.Data; global using Microsoft.ML.HfTrainer;
        global using TorchSharp; global using TorchSharp.Modules; global using static TorchSharp.torch;
        """;

    private static readonly CSharpParseOptions _parse = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] _references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>All C# samples of README.md and docs.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(GoldenFolder.Repository, "docs"), "*.md").Order(StringComparer.Ordinal).Prepend(Path.Combine(GoldenFolder.Repository, "README.md")).SelectMany(In),
    ];

    /// <summary>Whether the sample is a whole program, as those of the README are; others are statements that use <see cref="SampleNames"/>.</summary>
    public bool IsProgram => Page == "README.md";

    /// <summary>The errors of the compiler.</summary>
    public IEnumerable<Diagnostic> Errors() => Compile().GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Runs a program in this process.</summary>
    public void Run()
    {
        using var image = new MemoryStream();
        var result = Compile().Emit(image);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        Assembly.Load(image.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
    }

    public override string ToString() => $"{Page}, line {Line}";

    private static IEnumerable<Sample> In(string path)
    {
        var text = File.ReadAllText(path);
        return CodeBlock().Matches(text).Select(block => new Sample(
            Path.GetRelativePath(GoldenFolder.Repository, path), text[..block.Groups[1].Index].Count(character => character == '\n') + 1, block.Groups[1].Value));
    }

    private CSharpCompilation Compile()
    {
        string[] sources = IsProgram ? [ImplicitUsings, Code] : [ImplicitUsings, FragmentUsings, Fragment()];
        return CSharpCompilation.Create(
            $"Sample{Guid.NewGuid():N}", sources.Select(source => CSharpSyntaxTree.ParseText(source, _parse)), _references,
            new CSharpCompilationOptions(IsProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    // Statements become the body of a method, types stay beside it.
    private string Fragment()
    {
        var root = CSharpSyntaxTree.ParseText(Code, _parse).GetCompilationUnitRoot();
        var data = Code.Contains("mlContext", StringComparison.Ordinal) ? nameof(SampleNames.ForPipeline) : nameof(SampleNames.ForTrainer);
        return $$"""
            using static {{typeof(SampleNames).FullName}};
            using static {{typeof(SampleNames).FullName}}.{{data}};
            {{root.Usings.ToFullString()}}
            class Fragment
            {
                {{(Code.Contains("await ", StringComparison.Ordinal) ? "async Task" : "void")}} Run()
                {
                    {{string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(statement => statement.ToFullString()))}}
                }
            }
            {{string.Concat(root.Members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()))}}
            """;
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
