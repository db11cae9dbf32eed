using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>An example of a dataset: features by name, such as <c>input_ids</c>, <c>attention_mask</c> and <c>labels</c>.</summary>
public sealed class Example : Dictionary<string, Feature>
{
    /// <summary>Creates an example without features.</summary>
    public Example()
    {
    }

    /// <summary>Creates an example with the given features, such as those of another example.</summary>
    public Example(IEnumerable<KeyValuePair<string, Feature>> features) : base(features)
    {
    }

    /// <summary>Creates an example from a tokenized text, with the features <c>input_ids</c>, <c>token_type_ids</c> and <c>attention_mask</c>.</summary>
    public Example(TokenEncoding encoding)
    {
        this["input_ids"] = encoding.Ids;
        this["token_type_ids"] = encoding.TypeIds;
        this["attention_mask"] = encoding.AttentionMask;
    }

    /// <summary>Gets the source of the example for messages, such as a line of a file, or null if it is not known.</summary>
    internal string? Origin { get; init; }

    /// <summary>Returns the string of a feature.</summary>
    /// <exception cref="InvalidDataException">The feature is missing or is not a string.</exception>
    public string GetText(string name) => Find(name) is { IsText: true, Shape.Count: 0 } feature ? feature.Text : throw Wrong(name, "a text");

    /// <summary>Returns the integer of a feature.</summary>
    /// <exception cref="InvalidDataException">The feature is missing or is not an integer.</exception>
    public int GetInteger(string name) => Find(name) is { IsInteger: true, IsScalar: true } feature ? feature.Integers.Span[0] : throw Wrong(name, "a whole number");

    /// <summary>Returns the number of a feature, converting an integer to <see cref="float"/>.</summary>
    /// <exception cref="InvalidDataException">The feature is missing or is not a number.</exception>
    public float GetReal(string name) =>
        Find(name) is { IsScalar: true } feature ? feature.IsInteger ? feature.Integers.Span[0] : feature.Reals.Span[0] : throw Wrong(name, "a number");

    private Feature Find(string name) => TryGetValue(name, out var feature) ? feature : default;

    private InvalidDataException Wrong(string name, string wanted) => new(
        $"{Origin ?? "The example"} has {Find(name).Describe()} in '{name}' where {wanted} is needed; its features are {(Count == 0 ? "none" : string.Join(", ", Keys))}.{(ContainsKey(name) ? "" : NamedChoice.Suggestion(name, Keys))}");
}
