using Microsoft.ML.HfTrainer.Tests.Golden;
using Mono.Cecil;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Keeps the rooms of the library, which are the folders of its sources, in order. <see cref="SourceRoomsTests"/> shows that each rule can fail.</summary>
[TestClass]
public sealed class DependencyTests
{
    // From the top down. A room knows itself and the rooms below it; rooms of one level may know each other, but not in a cycle.
    private static readonly string[][] _levels =
    [
        ["Catalog"],
        ["Estimators"],
        ["Training"],
        ["Optimization", "Precision", "Checkpoints", "Metrics", "Reporting", "Distributed"],
        ["Data"],
        ["Models", "Generation", "Adapters"],
        ["Hub"],
        ["Formats", "Tokenization"],
        ["Native"],
    ];

    private static readonly string[] _mlNet = ["Catalog/", "Estimators/", "Data/DataViewDataset.cs", "Data/DataViewRows.cs", "Data/Dataset.DataView.cs", "Native/MlNet/"];

    // The entry points stand in ML.NET's namespace, and the runtime asks for the attribute by its name.
    private static readonly string[] _misnamed =
        ["Catalog/HfTrainerExtensions.cs", "Native/MlNet/IgnoresAccessChecksTo.cs"];

    private static readonly string _source = Path.Combine(GoldenFolder.Repository, "src", "Microsoft.ML.HfTrainer");

    private static readonly Lazy<SourceRooms> _rooms = new(() => new SourceRooms(
        from file in Directory.EnumerateFiles(_source, "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(_source, file).Replace('\\', '/')
        where path.Split('/')[0] is not ("obj" or "bin" or "buildTransitive")
        select (path, File.ReadAllText(file))));

    [TestMethod]
    public void NamesOfTheSourcesAreResolved() => Assert.IsGreaterThan(20_000, _rooms.Value.Count);

    [TestMethod]
    public void RoomsKnowOnlyWhatIsBesideOrBelow() => AssertNone(_rooms.Value.Upward(_levels));

    [TestMethod]
    public void RoomsOfOneLevelHaveNoCycles() => AssertNone(_rooms.Value.Cycles(_levels));

    [TestMethod]
    public void EveryFolderOfSourcesHasItsPlace() => Assert.IsEmpty(_rooms.Value.Unplaced(_levels));

    [TestMethod]
    public void MlNetIsKnownWhereItHasToBe() => AssertNone(_rooms.Value.MlNet(_mlNet));

    [TestMethod]
    public void NativeCallsAndTorchScriptStandInNativeAlone() => AssertNone(_rooms.Value.NativeCalls("Native"));

    [TestMethod]
    public void TypesStandInTheNamespaceOfTheirFolder() => AssertNone(_rooms.Value.Misnamed().Where(type => !_misnamed.Contains(type.Split(':')[0])));

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

    private static void AssertNone(IEnumerable<string> faults) => Assert.AreEqual("", string.Join('\n', faults.Order()));
}
