using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// BPE over words as they are written, though its vocabulary is in the alphabet of bytes: what the pre-tokenizer ByteLevel would write is
/// written here, for words that did not come lately alone.
/// </summary>
internal sealed class ByteLevelBpe(Bpe model) : IModel
{
    private const int ShortWord = 128;

    private readonly WordCache _cache = new();

    public Vocabulary Vocabulary => model.Vocabulary;

    public string? UnknownToken => model.UnknownToken;

    public bool KeepsSpaces => true;

    /// <summary>Lets the model do the last step of a pre-tokenizer that ends in bytes; other parts stay as they are.</summary>
    public static (IPreTokenizer? PreTokenizer, IModel Model) TakeOver(IPreTokenizer? preTokenizer, IModel model) =>
        preTokenizer is IByteLevelPreTokenizer { EndsInBytes: true } byteLevel && model is Bpe bpe
            ? (byteLevel.WithoutBytes, new ByteLevelBpe(bpe))
            : (preTokenizer, model);

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens)
    {
        if (_cache.TryGet(word, tokens))
            return;
        var before = tokens.Count;
        var most = 3 * word.Length;
        char[]? rented = null;
        var alphabet = most <= ShortWord ? stackalloc char[ShortWord] : rented = ArrayPool<char>.Shared.Rent(most);
        var bytes = ByteAlphabet.Write(word, alphabet);
        model.TokenizeAnew(alphabet[..bytes], tokens);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        var added = CollectionsMarshal.AsSpan(tokens)[before..];
        if (bytes != word.Length)
        {
            var places = new Utf8Places(word);
            foreach (ref var token in added)
                token = token with { Start = places.Start(token.Start), End = places.End(token.End) };
        }
        _cache.Keep(word, added);
    }
}
