using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The variables that real launchers gave to each of their workers: every worker finds its place in them.</summary>
[TestClass]
[TestCategory(DistributedCases.Category)]
public class GoldenClusterEnvironment
{
    private const string AnyPort = "29876";

    public static IEnumerable<object[]> Rows => DistributedCases.Rows("launch.json", "environment");

    public static string RowName(MethodInfo method, object[] row) => DistributedCases.RowName(method, row);

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("distributed/launch.json", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name, int index)
    {
        var golden = DistributedCases.Get("launch.json", "environment", index);
        if (!golden.TryGetProperty("workers", out var workers))
            GoldenFolder.Skip($"{name}: a launcher, which would refuse these options");
        var given = golden.TryGetProperty("set_before", out var before) ? Variables(before) : [];
        var nodes = golden.TryGetProperty("agents", out var agents) ? agents.GetArrayLength() : 1;
        List<Dictionary<string, string>> ranks = [.. workers.EnumerateArray().Select(worker => Together(given, Variables(worker.GetProperty("env"))))];
        if (workers[0].TryGetProperty("command", out var command))
            (ranks, nodes) = StartedByMpi(ranks.Single(), command.EnumerateArray().Last().GetString()!.Split(' '));
        var differences = new Differences();
        for (var rank = 0; rank < ranks.Count; rank++)
            Compare(ClusterEnvironment.Read(ranks[rank]), ranks[rank], (rank, ranks.Count, ranks.Count / nodes), differences);
        differences.AssertNone();
    }

    private static void Compare(ClusterEnvironment found, Dictionary<string, string> variables, (int Rank, int WorldSize, int PerNode) place, Differences differences)
    {
        var rank = place.Rank;
        differences.Same($"{rank}: Rank", rank, found.Rank);
        differences.Same($"{rank}: WorldSize", place.WorldSize, found.WorldSize);
        differences.Same($"{rank}: LocalRank", rank % place.PerNode, found.LocalRank);
        differences.Same($"{rank}: LocalWorldSize", place.PerNode, found.LocalWorldSize);
        differences.Same($"{rank}: NodeRank", rank / place.PerNode, found.NodeRank);
        differences.Same($"{rank}: NodeCount", place.WorldSize / place.PerNode, found.NodeCount);
        differences.Same($"{rank}: started by a launcher of several processes", place.WorldSize > 1, found.Launcher is not null);
        differences.Same($"{rank}: MasterAddress", variables.GetValueOrDefault("MASTER_ADDR"), found.MasterAddress);
        differences.Same($"{rank}: MasterPort", int.Parse(variables.GetValueOrDefault("MASTER_PORT", "29500"), CultureInfo.InvariantCulture), found.MasterPort);
    }

    // Where variables were recorded before mpirun, which adds its own for each rank.
    private static (List<Dictionary<string, string>> Ranks, int Nodes) StartedByMpi(Dictionary<string, string> variables, string[] words)
    {
        var (size, local) = (Number(words, "-n"), Number(words, "--npernode"));
        return ([.. Enumerable.Range(0, size).Select(rank => Together(variables, new()
        {
            ["OMPI_COMM_WORLD_RANK"] = $"{rank}", ["OMPI_COMM_WORLD_SIZE"] = $"{size}", ["OMPI_COMM_WORLD_LOCAL_RANK"] = $"{rank % local}", ["OMPI_COMM_WORLD_LOCAL_SIZE"] = $"{local}",
        }))], size / local);
    }

    private static Dictionary<string, string> Together(Dictionary<string, string> first, Dictionary<string, string> then) =>
        new(then.Concat(first).DistinctBy(variable => variable.Key));

    private static int Number(string[] words, string option) => int.Parse(words[Array.IndexOf(words, option) + 1], CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Variables(JsonElement variables) =>
        variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!.Replace("<port>", AnyPort));
}
