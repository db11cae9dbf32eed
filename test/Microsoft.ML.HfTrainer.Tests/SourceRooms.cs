using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>
/// The rooms of a library, which are the top folders of its sources, and what each uses of the others. The sources are read rather than the assembly, because the
/// compiler replaces constants by their values.
/// </summary>
internal sealed class SourceRooms
{
    private const string Root = "Microsoft.ML.HfTrainer";

    private static readonly string[] _nativeTypes =
        ["System.Runtime.InteropServices.DllImportAttribute", "System.Runtime.InteropServices.LibraryImportAttribute", "System.Runtime.InteropServices.NativeLibrary", "TorchSharp.torch.jit"];

    private readonly List<SyntaxTree> _trees;
    private readonly List<Use> _uses;

    /// <summary>Reads sources.</summary>
    /// <param name="sources">Their texts by their paths below the folder of the library, with <c>/</c> between the parts.</param>
    public SourceRooms(IEnumerable<(string Path, string Text)> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        _trees = [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, options, source.Path))];
        string[] namespaces = ["System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];
        var implicitUsings = string.Concat(namespaces.Select(name => $"global using {name};"))
            + $"global using {Root}.Native.Numbers; global using static {Root}.Native.Numbers.NumberOperators;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is var name && name != Root && name != Root + ".Tests")
            .Select(path => MetadataReference.CreateFromFile(path));
        // What source generators add is missing, which costs no name that a person wrote.
        var compilation = CSharpCompilation.Create("Sources", [.. _trees, CSharpSyntaxTree.ParseText(implicitUsings, options, "obj/Usings.cs")], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var uses = new ConcurrentBag<Use>();
        Parallel.ForEach(_trees, tree =>
        {
            foreach (var use in UsesOf(tree, compilation.GetSemanticModel(tree)))
                uses.Add(use);
        });
        _uses = [.. uses];
    }

    /// <summary>The number of names that were resolved; a test that resolves none proves nothing.</summary>
    public int Count => _uses.Count;

    /// <summary>Returns the uses of a room that stands in a higher level.</summary>
    public IEnumerable<string> Upward(string[][] levels) =>
        Between((user, used) => LevelOf(levels, used) < LevelOf(levels, user)).Select(use => use.ToString());

    /// <summary>Returns, for each two rooms of one level that lie on a cycle, one of the uses that make it.</summary>
    public IEnumerable<string> Cycles(string[][] levels)
    {
        var beside = Between((user, used) => LevelOf(levels, used) == LevelOf(levels, user)).ToList();
        var edges = beside.ToLookup(use => use.Room, use => use.UsedRoom!);
        return beside.Where(use => Reaches(edges, use.UsedRoom!, use.Room, [])).GroupBy(use => (use.Room, use.UsedRoom)).Select(uses => uses.MinBy(use => use.ToString())!.ToString());
    }

    /// <summary>Returns the rooms that have no place among the levels.</summary>
    public IEnumerable<string> Unplaced(string[][] levels) => _trees.Select(tree => RoomOf(tree.FilePath)).Where(room => LevelOf(levels, room) < 0).Distinct();

    /// <summary>Returns the uses of ML.NET outside the paths that may know it.</summary>
    public IEnumerable<string> MlNet(string[] allowed) =>
        _uses.Where(use => use.Assembly is { } name && (name == "Microsoft.ML" || name.StartsWith("Microsoft.ML.", StringComparison.Ordinal)) && name != "Microsoft.ML.Tokenizers")
            .Where(use => !allowed.Any(path => use.File.StartsWith(path, StringComparison.Ordinal))).Select(use => use.ToString());

    /// <summary>Returns the calls of native code and of TorchScript outside a room.</summary>
    public IEnumerable<string> NativeCalls(string room) => _uses
        .Where(use => use.Room != room && (use.Name.EndsWith(".ScriptFunctions", StringComparison.Ordinal) || _nativeTypes.Any(type => use.Name == type || use.Name.StartsWith(type + ".", StringComparison.Ordinal))))
        .Select(use => use.ToString())
        .Concat(_trees.Where(tree => RoomOf(tree.FilePath) != room && tree.GetRoot().DescendantNodes().OfType<FunctionPointerTypeSyntax>().Any()).Select(tree => $"{tree.FilePath}: a function pointer"));

    /// <summary>Returns the types whose namespace is not their folder's, if they are internal, or the library's, if they are public; public building blocks of models may stand in either.</summary>
    public IEnumerable<string> Misnamed() =>
        from tree in _trees
        from type in tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>()
        where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        let space = (type.Parent as BaseNamespaceDeclarationSyntax)?.Name.ToString() ?? ""
        let folder = Path.GetDirectoryName(tree.FilePath)!
        let own = $"{Root}.{folder.Replace('/', '.').Replace('\\', '.')}"
        let expected = type.Modifiers.Any(SyntaxKind.PublicKeyword) ? Root : own
        where space != expected && !(expected == Root && space == own && RoomOf(tree.FilePath) == "Models")
        select $"{tree.FilePath}: a type stands in the namespace {space}; it should be {expected}";

    private IEnumerable<Use> Between(Func<string, string, bool> isWanted) => _uses.Where(use => use.UsedRoom is { } used && used != use.Room && isWanted(use.Room, used));

    private static bool Reaches(ILookup<string, string> edges, string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && edges[from].Distinct().Any(next => Reaches(edges, next, to, seen)));

    private static int LevelOf(string[][] levels, string room) => Array.FindIndex(levels, level => level.Contains(room));

    private static string RoomOf(string path) => path.Split('/')[0];

    private static IEnumerable<Use> UsesOf(SyntaxTree tree, SemanticModel model)
    {
        foreach (var node in tree.GetRoot().DescendantNodes().Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax))
        {
            var info = model.GetSymbolInfo(node);
            // Internal members of ML.NET are not accessible here; they are found all the same.
            var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            if (symbol is not (INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol))
                continue;
            symbol = (symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol).OriginalDefinition;
            var declared = symbol.DeclaringSyntaxReferences.Length > 0 || symbol.ContainingType is null ? symbol : symbol.ContainingType;
            var files = declared.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath).ToList();
            var line = tree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
            var room = RoomOf(tree.FilePath);
            var used = files.Count == 0 ? null : files.Select(RoomOf).Contains(room) ? room : RoomOf(files[0]);
            yield return new Use(tree.FilePath, line, NameOf(symbol), room, used, files.Count == 0 ? symbol.ContainingAssembly?.Name : null);
        }
    }

    private static string NameOf(ISymbol symbol) => symbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
        ? symbol.ContainingType.ToDisplayString()
        : (symbol.ContainingType is { } type && symbol is not INamedTypeSymbol ? type.ToDisplayString() + "." + symbol.Name : symbol.ToDisplayString());

    /// <summary>One name in a source.</summary>
    /// <param name="File">The source.</param>
    /// <param name="Line">Its line.</param>
    /// <param name="Name">What the name stands for.</param>
    /// <param name="Room">The room of the source.</param>
    /// <param name="UsedRoom">The room that declares it; null if another assembly does.</param>
    /// <param name="Assembly">That assembly.</param>
    private sealed record Use(string File, int Line, string Name, string Room, string? UsedRoom, string? Assembly)
    {
        public override string ToString() => $"{File}({Line}) uses {Name} of {UsedRoom ?? Assembly}";
    }
}
