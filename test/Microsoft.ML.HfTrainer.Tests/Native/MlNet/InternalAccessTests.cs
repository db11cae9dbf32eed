using Mono.Cecil;

namespace Microsoft.ML.HfTrainer.Tests.Native.MlNet;

/// <summary>The compiler sees all of ML.NET as public, so it is here that its internals are kept to one folder.</summary>
[TestClass]
public sealed class InternalAccessTests
{
    private const string Room = "Microsoft.ML.HfTrainer.Native.MlNet";

    private static readonly string[] _mlNet = ["Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView"];

    [TestMethod]
    public void InternalsOfMlNetAreUsedInOneFolderOnly()
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        using var library = ModuleDefinition.ReadModule(typeof(HfTransformer).Assembly.Location, new ReaderParameters { AssemblyResolver = resolver });
        var uses = library.GetTypes().SelectMany(Uses).Where(use => IsInternal(use.Member)).ToLookup(use => use.Namespace == Room);

        Assert.IsEmpty(uses[false].Select(use => $"{use.By} uses {use.Member.FullName}").Distinct());
        Assert.IsNotEmpty(uses[true], "the room for them uses none: does this test still see anything?");
    }

    private static IEnumerable<(string Namespace, string By, MemberReference Member)> Uses(TypeDefinition type)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } outer)
            outermost = outer;
        var used = new List<MemberReference?> { type.BaseType };
        used.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        used.AddRange(type.Fields.Select(field => field.FieldType));
        foreach (var method in type.Methods)
        {
            used.Add(method.ReturnType);
            used.AddRange(method.Parameters.Select(parameter => parameter.ParameterType));
            used.AddRange(method.HasBody ? method.Body.Instructions.Select(i => i.Operand).OfType<MemberReference>() : []);
        }
        return used.OfType<MemberReference>().Select(member => (outermost.Namespace, type.FullName, member));
    }

    private static bool IsInternal(MemberReference member) => member switch
    {
        GenericInstanceType generic => IsInternal(generic.ElementType) || generic.GenericArguments.Any(IsInternal),
        TypeReference type => IsMlNet(type) && type.GetElementType().Resolve() is { } definition && !IsVisible(definition),
        MethodReference method => IsInternal(method.DeclaringType)
            || IsMlNet(method.DeclaringType) && method.Resolve() is { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false },
        FieldReference field => IsInternal(field.DeclaringType) || IsMlNet(field.DeclaringType) && field.Resolve() is { IsPublic: false },
        _ => false,
    };

    private static bool IsMlNet(TypeReference type) => type is not GenericParameter && _mlNet.Contains(type.GetElementType().Scope?.Name);

    private static bool IsVisible(TypeDefinition type) => type.IsPublic || type.IsNestedPublic && IsVisible(type.DeclaringType);
}
