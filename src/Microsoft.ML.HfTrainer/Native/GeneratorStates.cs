using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>The positions of random number generators by name: <c>cpu</c>, <c>cuda</c>, or <c>cuda:1</c> if there are those of several GPUs.</summary>
internal sealed class GeneratorStates : SortedDictionary<string, byte[]>
{
    private GeneratorStates(IEnumerable<KeyValuePair<string, byte[]>> states) : base(StringComparer.Ordinal)
    {
        foreach (var (name, state) in states)
            Add(name, state);
    }

    /// <summary>Returns positions that were saved.</summary>
    public static GeneratorStates From(IEnumerable<KeyValuePair<string, byte[]>> states) => new(states);

    /// <summary>Reads the current positions of generators.</summary>
    public static GeneratorStates Of(IEnumerable<RandomGenerator> generators) => new(generators.Select(g => KeyValuePair.Create(g.Name, g.State)));

    /// <summary>Reads the current positions of the generators of a device.</summary>
    public static GeneratorStates Of(Device device) => Of(RandomGenerator.Of(device));

    /// <summary>Puts the generators of a device back to these positions.</summary>
    public void Restore(Device device)
    {
        foreach (var generator in RandomGenerator.Of(device))
            generator.State = Find(generator)!;
    }

    /// <summary>Returns the position of a generator, or null.</summary>
    public byte[]? Find(RandomGenerator generator) => this.GetValueOrDefault(generator.Name) ?? this.GetValueOrDefault($"{generator.Name}:{generator.Index}");
}
