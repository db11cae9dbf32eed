using Microsoft.ML.HfTrainer.Tests.Golden;
using Mono.Cecil;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Keeps the library's rooms (the folders of its sources) in their order: each knows itself, its neighbours and those below, never those above.</summary>
[TestClass]
public sealed class DependencyTests
{
    // From the top down. What training is made of stands beside it: optimizers and reports are given its settings and its state.
    private static readonly string[][] _levels =
    [
        ["Catalog"],
        ["Estimators"],
        ["Training", "Optimization", "Precision", "Checkpoints", "Metrics", "Reporting", "Distributed"],
        ["Data"],
        ["Models"],
        ["Formats", "Hub", "Tokenization"],
        ["Native"],
    ];

    private static readonly string _source = Path.Combine(GoldenFolder.Repository, "src", "Microsoft.ML.HfTrainer");

    [TestMethod]
    public void RoomsKnowOnlyWhatIsBesideOrBelow()
    {
        using var library = ModuleDefinition.ReadModule(typeof(Trainer).Assembly.Location, new ReaderParameters { ReadSymbols = true });
        var rooms = library.Types.Select(type => (type.FullName, Room: RoomOf(type))).Where(t => t.Room is not null).ToDictionary(t => t.FullName, t => t.Room!);
        Assert.IsGreaterThan(100, rooms.Count, "types found");
        var wrong = from type in library.GetTypes()
                    let user = rooms.GetValueOrDefault(Outermost(type).FullName)
                    where user is not null
                    from used in Used(type)
                    let room = rooms.GetValueOrDefault(Outermost(used.GetElementType()).FullName)
                    where room is not null && LevelOf(room) < LevelOf(user)
                    select $"{user}: {type.FullName} uses {used.FullName} of {room}";
        Assert.IsEmpty(wrong.Distinct().Order());
    }

    [TestMethod]
    public void EveryFolderOfSourcesHasItsPlace() => CollectionAssert.IsSubsetOf(
        Directory.GetDirectories(_source).Select(folder => Path.GetFileName(folder)).Where(name => name is not ("bin" or "obj" or "buildTransitive")).ToList(),
        _levels.SelectMany(level => level).ToList());

    [TestMethod]
    public void NativeCallsAndTorchScriptStandInNativeAlone()
    {
        var elsewhere = Directory.EnumerateFiles(_source, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(_source, file).Split(Path.DirectorySeparatorChar)[0] is not ("Native" or "obj" or "bin"));
        Assert.IsEmpty(elsewhere.Where(file => File.ReadAllText(file) is var text && (text.Contains("DllImport") || text.Contains("LibraryImport") || text.Contains("jit."))));
    }

    // Nothing keeps a number alive that TorchSharp converts by itself.
    [TestMethod]
    public void NumbersGoIntoOperatorsHeldAlone()
    {
        using var library = ModuleDefinition.ReadModule(typeof(Trainer).Assembly.Location);
        var loose = from type in library.GetTypes()
                    from method in type.Methods
                    where method.HasBody
                    from called in method.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>()
                    where called.Name == "op_Implicit" && called.DeclaringType.FullName is "TorchSharp.Scalar" or "TorchSharp.torch/Tensor"
                        || called.FullName == "TorchSharp.torch/Tensor TorchSharp.torch/Tensor::op_Addition(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"
                    select method.FullName;
        Assert.IsEmpty(loose.Distinct().Order());
    }

    private static int LevelOf(string room) => Array.FindIndex(_levels, level => level.Contains(room));

    // By the file that a type's code came from; a type without code has a file of its own name.
    private static string? RoomOf(TypeDefinition type)
    {
        var file = type.NestedTypes.Prepend(type).SelectMany(t => t.Methods).Where(m => m.HasBody)
                .SelectMany(m => m.DebugInformation.SequencePoints).Select(point => point.Document.Url).FirstOrDefault(url => !url.Contains("/obj/"))
            ?? Directory.EnumerateFiles(_source, type.Name.Split('`')[0] + ".cs", SearchOption.AllDirectories).FirstOrDefault();
        return file is null ? null : Path.GetRelativePath(_source, file).Split(Path.DirectorySeparatorChar)[0] is var room && LevelOf(room) >= 0 ? room : null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Used(TypeDefinition type) =>
        type.Interfaces.Select(i => i.InterfaceType).Append(type.BaseType).Concat(type.Fields.Select(f => f.FieldType)).Concat(type.Methods.SelectMany(m =>
            m.Parameters.Select(p => p.ParameterType).Append(m.ReturnType).Concat(m.HasBody ? m.Body.Instructions.Select(i => i.Operand switch
            {
                TypeReference named => named,
                MemberReference member => member.DeclaringType,
                _ => null,
            }).OfType<TypeReference>() : []))).OfType<TypeReference>().SelectMany(Flatten);

    private static IEnumerable<TypeReference> Flatten(TypeReference type) =>
        type is GenericInstanceType generic ? generic.GenericArguments.SelectMany(Flatten).Append(generic.ElementType) : [type];
}
