namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>What is read, for messages, and the parts that were named but do not exist.</summary>
internal sealed class LoadContext(string tokenizer, string file)
{
    public string Tokenizer => tokenizer;

    public List<MissingPart> MissingParts { get; } = [];

    /// <summary>An error in the file: where, what was found, what would be right.</summary>
    public InvalidDataException Error(string place, string message) =>
        new($"{file} of the tokenizer '{tokenizer}' cannot be used: {(place.Length == 0 ? "" : place + ": ")}{message}");
}
