namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>A component of the tokenization pipeline that tokenizer.json can name.</summary>
internal interface IPart<TSelf>
    where TSelf : IPart<TSelf>
{
    /// <summary>The value of <c>type</c> in tokenizer.json.</summary>
    static abstract string TypeName { get; }

    /// <summary>Creates the component from its JSON object.</summary>
    static abstract TSelf Read(PartReader json);
}
