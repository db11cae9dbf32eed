namespace Microsoft.ML.HfTrainer;

/// <summary>One example of a dataset: its features by name, such as <c>input_ids</c>, <c>attention_mask</c> and <c>labels</c>.</summary>
public sealed class Example : Dictionary<string, Feature>
{
    /// <summary>An example without features.</summary>
    public Example()
    {
    }

    /// <summary>An example with the features given, such as those of another example.</summary>
    public Example(IEnumerable<KeyValuePair<string, Feature>> features) : base(features)
    {
    }

    /// <summary>The features of a tokenised text: <c>input_ids</c>, <c>token_type_ids</c>, <c>attention_mask</c>.</summary>
    public Example(TokenEncoding encoding)
    {
        this["input_ids"] = encoding.Ids;
        this["token_type_ids"] = encoding.TypeIds;
        this["attention_mask"] = encoding.AttentionMask;
    }

    /// <summary>Where it comes from, for messages, such as a row of a file; null where that is not known.</summary>
    internal string? Origin { get; init; }

    /// <summary>The text of a feature.</summary>
    /// <exception cref="InvalidDataException">There is no such feature, or it is no text; the message says what there is.</exception>
    public string GetText(string name) => Find(name) is { IsText: true, Shape.Count: 0 } feature ? feature.Text : throw Wrong(name, "a text");

    /// <summary>The whole number of a feature.</summary>
    /// <exception cref="InvalidDataException">There is no such feature, or it is no whole number; the message says what there is.</exception>
    public int GetInteger(string name) => Find(name) is { IsInteger: true, IsScalar: true } feature ? feature.Integers.Span[0] : throw Wrong(name, "a whole number");

    /// <summary>The number of a feature.</summary>
    /// <exception cref="InvalidDataException">There is no such feature, or it is no number; the message says what there is.</exception>
    public float GetReal(string name) =>
        Find(name) is { IsScalar: true } feature ? feature.IsInteger ? feature.Integers.Span[0] : feature.Reals.Span[0] : throw Wrong(name, "a number");

    private Feature Find(string name) => TryGetValue(name, out var feature) ? feature : default;

    private InvalidDataException Wrong(string name, string wanted) => new(
        $"{Origin ?? "The example"} has {Find(name).Describe()} in '{name}' where {wanted} is wanted; it has {(Count == 0 ? "no features" : string.Join(", ", Keys))}.");
}
