using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits with the pattern of GPT-2 and converts words to the byte-level alphabet.</summary>
/// <param name="addsSpace">true to prepend a space to a text that does not begin with one.</param>
/// <param name="splits">true to split the text; false to treat it as one word.</param>
internal sealed class ByteLevel(bool addsSpace, bool splits) : IByteLevelPreTokenizer, IPart<ByteLevel>
{
    private readonly PrefixedWords _words = new(addsSpace, splits);

    public static string TypeName => "ByteLevel";

    public bool EndsInBytes => true;

    public IPreTokenizer? WithoutBytes => addsSpace || splits ? _words : null;

    public static ByteLevel Read(PartReader json) => new(json.Flag("add_prefix_space", true), json.Flag("use_regex", true));

    public void Split(TextSpan span, List<TextSpan> words)
    {
        var first = words.Count;
        _words.Split(span, words);
        for (var i = first; i < words.Count; i++)
            words[i] = InBytes(words[i]);
    }

    // Each byte of a character is aligned to the whole character.
    private static TextSpan InBytes(TextSpan word)
    {
        var (source, bytes) = (word.Text, word.Text.Derived);
        var start = bytes.Length;
        Span<char> alphabet = stackalloc char[4];
        for (int i = word.Start, width; i < word.End; i += width)
        {
            width = i + 1 < word.End && char.IsSurrogatePair(source.Chars[i], source.Chars[i + 1]) ? 2 : 1;
            var from = source.Original(i, i + width);
            foreach (var character in alphabet[..ByteAlphabet.Write(source.Chars.Slice(i, width), alphabet)])
                bytes.Append(character, from);
        }
        return new TextSpan(bytes, start, bytes.Length);
    }
}
