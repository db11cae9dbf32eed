namespace Microsoft.ML.HfTrainer;

/// <summary>One example of a dataset: its features by name, such as <c>input_ids</c>, <c>attention_mask</c> and <c>labels</c>.</summary>
public sealed class Example : Dictionary<string, Feature>
{
    /// <summary>An example without features.</summary>
    public Example()
    {
    }

    /// <summary>The features of a tokenised text: <c>input_ids</c>, <c>token_type_ids</c>, <c>attention_mask</c>.</summary>
    public Example(TokenEncoding encoding)
    {
        this["input_ids"] = encoding.Ids;
        this["token_type_ids"] = encoding.TypeIds;
        this["attention_mask"] = encoding.AttentionMask;
    }
}
