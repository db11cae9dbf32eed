using System.Reflection;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Faults of several processes and sharded optimizers: skipped until the library has the parts that they need.</summary>
[TestClass]
[TestCategory(DistributedCases.Category)]
public class GoldenDistributed
{
    // Which part the cases of a file need.
    private static readonly (string File, string List, string Part)[] _lists =
    [
        ("errors.json", "cases", "processes that fail in turn"),
        ("zero.json", "cases", "an optimizer whose state is shared over processes"),
    ];

    public static IEnumerable<object[]> Rows => _lists.SelectMany(list => DistributedCases.Rows(list.File, list.List).Select(row => new[] { row[0], list.Part }));

    public static string RowName(MethodInfo method, object[] row) => DistributedCases.RowName(method, row);

    [TestMethod]
    public void Cases_are_found()
    {
        foreach (var (file, list, _) in _lists)
            GoldenFolder.AssertFound($"distributed/{file}", DistributedCases.Rows(file, list).Count());
    }

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name, string part) => GoldenFolder.Skip($"{name}: {part}");
}
