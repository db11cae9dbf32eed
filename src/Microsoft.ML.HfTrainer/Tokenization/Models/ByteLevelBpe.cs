using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// A BPE model with a byte-level vocabulary that takes raw words: it converts them to the byte-level alphabet itself, in place of the ByteLevel
/// pre-tokenizer, and only if they are not in its word cache.
/// </summary>
internal sealed class ByteLevelBpe(Bpe model) : IModel
{
    private const int ShortWord = 128;

    private readonly WordCache _cache = new();

    public Vocabulary Vocabulary => model.Vocabulary;

    public string? UnknownToken => model.UnknownToken;

    public bool KeepsSpaces => true;

    /// <summary>
    /// Moves the conversion to bytes from the pre-tokenizer to the model if it is the pre-tokenizer's last step; otherwise returns both unchanged.
    /// </summary>
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
        model.TokenizeUncached(alphabet[..bytes], tokens);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        var added = CollectionsMarshal.AsSpan(tokens)[before..];
        if (bytes != word.Length)
        {
            var places = new Utf8Positions(word);
            foreach (ref var token in added)
                token = token with { Start = places.Start(token.Start), End = places.End(token.End) };
        }
        _cache.Keep(word, added);
    }
}
