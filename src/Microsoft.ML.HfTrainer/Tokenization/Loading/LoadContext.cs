namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The file being loaded, for messages, and the unsupported components found in it.</summary>
internal sealed class LoadContext(string tokenizer, string file)
{
    public string Tokenizer => tokenizer;

    public List<MissingPart> MissingParts { get; } = [];

    /// <summary>Creates an exception that names the position in the file, the problem and what would be right.</summary>
    public InvalidDataException Error(string place, string message) =>
        new($"{file} of the tokenizer '{tokenizer}' cannot be used: {(place.Length == 0 ? "" : place + ": ")}{message}");
}
