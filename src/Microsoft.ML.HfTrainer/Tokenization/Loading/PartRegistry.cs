using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The parts of one kind by their names in tokenizer.json.</summary>
internal sealed class PartRegistry<TPart>
    where TPart : class
{
    private readonly Dictionary<string, Func<PartReader, TPart>> _parts = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _parts.Keys;

    public PartRegistry<TPart> Add<T>()
        where T : TPart, IPart<T>
    {
        _parts.Add(T.TypeName, json => T.Read(json));
        return this;
    }

    /// <summary>Makes the part that the object names.</summary>
    public TPart Read(PartReader json) => Read(json, json.Text("type"));

    /// <summary>
    /// Makes a part of the type <paramref name="name"/>. A name that nobody registered is noted in the context, and the load fails
    /// with all such names once the file is read; until then null stands for the part.
    /// </summary>
    public TPart Read(PartReader json, string name)
    {
        if (json.Element.ValueKind == JsonValueKind.Object && _parts.TryGetValue(name, out var read))
            return read(json);
        json.Context.MissingParts.Add(new MissingPart(name, json.Place));
        return null!;
    }
}
