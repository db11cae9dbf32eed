namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>The pattern of GPT-2. Words are: letters, numbers or other characters with the space before them; contractions; whitespace.</summary>
internal sealed class Gpt2Pattern : WordPattern
{
    public const string Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static Gpt2Pattern Instance { get; } = new();

    public override int End(ReadOnlySpan<char> text, int start)
    {
        if (Contractions.Length(text, start, ignoreCase: false) is > 0 and var length)
            return start + length;
        var kind = CharacterKinds.At(text, start, out var width);
        if (kind != CharacterKind.Space)
            return CharacterKinds.RunEnd(text, start + width, kind);
        if (text[start] == ' ' && start + 1 < text.Length && CharacterKinds.At(text, start + 1, out width) is not CharacterKind.Space and var next)
            return CharacterKinds.RunEnd(text, start + 1 + width, next);
        // The last of several spaces belongs to the word after it.
        var end = CharacterKinds.RunEnd(text, start + 1, CharacterKind.Space);
        return end < text.Length && end > start + 1 ? end - 1 : end;
    }
}
