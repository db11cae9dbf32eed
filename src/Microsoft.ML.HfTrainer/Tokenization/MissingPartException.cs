namespace Microsoft.ML.HfTrainer.Tokenization;

/// <summary>A part that tokenizer.json names at a place such as <c>normalizer.normalizers[1]</c>.</summary>
internal readonly record struct MissingPart(string Type, string Place);

/// <summary>A tokenizer.json names parts that this library does not have.</summary>
internal sealed class MissingPartException(string tokenizer, IReadOnlyList<MissingPart> parts) : NotSupportedException(
    $"The tokenizer '{tokenizer}' cannot be loaded: its tokenizer.json names {string.Join(", ", parts.Take(20).Select(part => $"'{part.Type}' ({part.Place})"))}, " +
    "which this version does not support.")
{
    /// <summary>The <c>type</c> names, each once, in the order of the file.</summary>
    public IReadOnlyList<string> Parts { get; } = [.. parts.Select(part => part.Type).Distinct()];
}
