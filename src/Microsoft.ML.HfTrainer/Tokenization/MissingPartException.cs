namespace Microsoft.ML.HfTrainer.Tokenization;

/// <summary>A component that tokenizer.json names at a path such as <c>normalizer.normalizers[1]</c>.</summary>
internal readonly record struct MissingPart(string Type, string Place);

/// <summary>The exception thrown if a tokenizer.json names components that this library does not support.</summary>
internal sealed class MissingPartException(string tokenizer, IReadOnlyList<MissingPart> parts) : NotSupportedException(
    $"The tokenizer '{tokenizer}' cannot be loaded: its tokenizer.json names {string.Join(", ", parts.Take(20).Select(part => $"'{part.Type}' ({part.Place})"))}, " +
    "which this version does not support.")
{
    /// <summary>Gets the distinct <c>type</c> names in the order of the file.</summary>
    public IReadOnlyList<string> Parts { get; } = [.. parts.Select(part => part.Type).Distinct()];
}
