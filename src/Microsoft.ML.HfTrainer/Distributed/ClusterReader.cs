namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>Reads the place of a process from the variables of its launcher, and checks that launchers agree.</summary>
internal sealed class ClusterReader(ClusterVariables variables)
{
    public ClusterEnvironment Read()
    {
        // A scheduler below which another launcher runs describes that launcher.
        var places = Find(launcher => !launcher.StartsLaunchers);
        if (places.Count == 0)
            places = Find(launcher => launcher.StartsLaunchers);
        if (places.Count == 0)
            return WithMaster(new ClusterEnvironment(), null);
        if (places.FirstOrDefault(other => !Agree(places[0], other)) is { } contradicting)
            throw new ArgumentException($"{Show(places[0])}, but {Show(contradicting)}: two launchers contradict each other. Unset the variables of the one that did not start this process.");
        return Check(places[0], Describe(places[0], [.. places.Where(other => (other.Rank, other.WorldSize) == (places[0].Rank, places[0].WorldSize)).Select(place => place.Launcher)]));
    }

    private List<Place> Find(Func<LauncherVariables, bool> kind) => [.. LauncherVariables.All.Where(kind).Where(launcher => !launcher.Unless(variables)).Select(Find).OfType<Place>()];

    private Place? Find(LauncherVariables launcher)
    {
        var (rank, size) = (variables.Number(launcher.Rank), variables.Number(launcher.WorldSize));
        if (rank is null && size is null or 1)
            return null;
        if (rank is null || size is null)
            throw new ArgumentException($"{variables.Show(Name(launcher.Rank))}, but {variables.Show(Name(launcher.WorldSize))}: {launcher.Name} sets both. Set the missing variable, or unset the other.");
        if (rank >= size)
            throw new ArgumentException($"{variables.Show(Name(launcher.Rank))}, but {variables.Show(Name(launcher.WorldSize))}: ranks run from 0 to one below the number of processes.");
        return new Place(launcher, rank.Value, size.Value);
    }

    // Either they name the same place, or each process of one launcher started the other launcher.
    private static bool Agree(Place inner, Place outer) =>
        (inner.Rank, inner.WorldSize) == (outer.Rank, outer.WorldSize) || outer.WorldSize < inner.WorldSize && inner.WorldSize % outer.WorldSize == 0;

    private ClusterEnvironment Describe(Place place, IReadOnlyList<LauncherVariables> alike)
    {
        int? Number(Func<LauncherVariables, string[]> names) => variables.Number(alike.SelectMany(names));
        var nodeRank = Number(launcher => launcher.NodeRank);
        var localSize = variables.NumberOfNode(alike.SelectMany(launcher => launcher.LocalWorldSize), nodeRank ?? 0) ?? 1;
        return WithMaster(
            new ClusterEnvironment
            {
                Launcher = place.Launcher.Name, Rank = place.Rank, WorldSize = place.WorldSize,
                LocalRank = Number(launcher => launcher.LocalRank) ?? 0, LocalWorldSize = localSize,
                NodeRank = nodeRank ?? place.Rank / Math.Max(localSize, 1), NodeCount = Number(launcher => launcher.NodeCount) ?? (place.WorldSize + localSize - 1) / Math.Max(localSize, 1),
                RestartCount = Number(launcher => launcher.RestartCount) ?? 0,
            },
            place.Launcher);
    }

    private ClusterEnvironment WithMaster(ClusterEnvironment environment, LauncherVariables? launcher)
    {
        var address = variables.Address(["MASTER_ADDR", .. launcher?.MasterAddress ?? []]);
        var port = variables.Number(["MASTER_PORT", .. launcher?.MasterPort ?? []]) ?? address?.Port ?? ClusterEnvironment.DefaultMasterPort;
        return port is >= 1 and <= ushort.MaxValue
            ? environment with { MasterAddress = address?.Host, MasterPort = port }
            : throw new ArgumentException($"The port where processes meet is {port} (MASTER_PORT); it should be from 1 to {ushort.MaxValue}.");
    }

    private ClusterEnvironment Check(Place place, ClusterEnvironment found)
    {
        var launcher = place.Launcher;
        string Both(string[] first, string[] second) => $"{variables.Show(Name(first))}, but {variables.Show(Name(second))}";
        if (found.LocalWorldSize < 1 || found.LocalRank >= found.LocalWorldSize && launcher.LocalWorldSize.Any(variables.Has))
            throw new ArgumentException($"{Both(launcher.LocalRank, launcher.LocalWorldSize)}: local ranks run from 0 to one below the number of processes of the machine.");
        if (found.LocalWorldSize > found.WorldSize)
            throw new ArgumentException($"{Both(launcher.LocalWorldSize, launcher.WorldSize)}: a machine cannot have more processes than all machines.");
        if (found.NodeRank >= found.NodeCount)
            throw new ArgumentException($"{Both(launcher.NodeRank, launcher.NodeCount)}: machines are numbered from 0 to one below their number.");
        if (launcher.StartedByLauncher is { } perNode && variables.Has(perNode) && int.TryParse(variables.Value(perNode), out var processes) && processes > 1)
            throw new ArgumentException($"{variables.Show(perNode)}, but this process was started alone: start the program with a launcher, such as 'torchrun --no-python', which reads that variable.");
        return found;
    }

    private string Show(Place place) => $"{variables.Show(Name(place.Launcher.Rank))} of {Name(place.Launcher.WorldSize)} '{place.WorldSize}'";

    private string Name(string[] names) => variables.FirstSet(names) ?? names.FirstOrDefault("its number");

    private sealed record Place(LauncherVariables Launcher, int Rank, int WorldSize);
}
