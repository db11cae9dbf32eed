namespace Microsoft.ML.HfTrainer.Tokenization;

/// <summary>A tokenizer.json names parts that this library does not have.</summary>
internal sealed class MissingPartException(string tokenizer, IReadOnlyList<string> parts) : NotSupportedException(
    $"The tokenizer '{tokenizer}' cannot be loaded: its tokenizer.json names {string.Join(", ", parts.Select(part => $"'{part}'"))}, " +
    "which this version does not support.")
{
    /// <summary>The <c>type</c> names, in the order of the file.</summary>
    public IReadOnlyList<string> Parts { get; } = parts;
}
