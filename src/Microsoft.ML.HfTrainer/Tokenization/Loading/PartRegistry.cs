using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The components of one kind by their names in tokenizer.json.</summary>
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

    /// <summary>Creates the component that the object names.</summary>
    public TPart Read(PartReader json) => Read(json, json.Text("type"));

    /// <summary>
    /// Creates a component of type <paramref name="name"/>. If the name is not registered, it is recorded in the context and null is returned;
    /// loading fails with all such names after the file has been read.
    /// </summary>
    public TPart Read(PartReader json, string name)
    {
        if (json.Element.ValueKind == JsonValueKind.Object && _parts.TryGetValue(name, out var read))
            return read(json);
        json.Context.MissingParts.Add(new MissingPart(name, json.Place));
        return null!;
    }
}
