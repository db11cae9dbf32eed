using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// What a class of the original makes of a SentencePiece model. Parts are written as in tokenizer.json; where most classes do the same,
/// that is written here.
/// </summary>
internal abstract class PieceLayout
{
    /// <summary>The names of the class, and of others that do the same, without <c>Fast</c> at the end.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The special tokens by role where no file names them.</summary>
    public abstract IReadOnlyDictionary<string, string> Marks { get; }

    /// <summary>The same, where they are those of the model itself.</summary>
    public virtual IReadOnlyDictionary<string, string> MarksOf(SentencePieceModel model) => Marks;

    /// <summary>The end at which padding is added where no file says.</summary>
    public virtual Side PaddingSide => Side.Right;

    /// <summary>Whether the code of a language is put beside texts.</summary>
    public virtual bool HasLanguages => false;

    /// <summary>The model with its vocabulary, which need not have the pieces of the file at their ids.</summary>
    public abstract IModel Model(LayoutSource source);

    /// <summary>The normalizers, one after the other.</summary>
    public virtual IReadOnlyList<string> Normalizers(LayoutSource source) => source.Charsmap;

    /// <summary>The pre-tokenizers, one after the other.</summary>
    public virtual IReadOnlyList<string> PreTokenizers(LayoutSource source) =>
        ["""{ "type": "WhitespaceSplit" }""", Metaspace(source.Flag("add_prefix_space", true) ? "always" : "never")];

    /// <summary>The decoders, one after the other.</summary>
    public virtual IReadOnlyList<string> Decoders(LayoutSource source) => [Metaspace(source.Flag("add_prefix_space", true) ? "always" : "never")];

    /// <summary>The tokens found in the text before the model sees it, unless the configuration lists them.</summary>
    public virtual IEnumerable<AddedToken> Extras(LayoutSource source) => source.Marked;

    /// <summary>What is put around the tokens of a text, and of a pair of texts.</summary>
    public abstract PostProcessing Template(LayoutSource source, AddedVocabulary added);

    protected static string Metaspace(string scheme, bool split = true) =>
        $$"""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": {{(split ? "true" : "false")}} }""";
}
