using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// The components that a Hugging Face tokenizer class builds from a SentencePiece model, written as in tokenizer.json. The base class has those that
/// most classes share.
/// </summary>
internal abstract class PieceLayout
{
    /// <summary>The names of the class and its equivalents, without the suffix <c>Fast</c>.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The special tokens by role that apply if no file names them.</summary>
    public abstract IReadOnlyDictionary<string, string> SpecialTokens { get; }

    /// <summary>Returns the same for classes that take the special tokens from the model.</summary>
    public virtual IReadOnlyDictionary<string, string> SpecialTokensOf(SentencePieceModel model) => SpecialTokens;

    /// <summary>The side on which padding is added if no file specifies it.</summary>
    public virtual Side PaddingSide => Side.Right;

    /// <summary>true if the template adds a language code to texts.</summary>
    public virtual bool HasLanguages => false;

    /// <summary>true if the mask token absorbs the space before it, unless a file gives it other flags.</summary>
    public virtual bool MaskTakesSpace => false;

    /// <summary>Creates the model and its vocabulary, whose ids may differ from those of the file.</summary>
    public abstract IModel Model(LayoutSource source);

    /// <summary>Returns the normalizers in order.</summary>
    public virtual IReadOnlyList<string> Normalizers(LayoutSource source) => source.Charsmap;

    /// <summary>Returns the pre-tokenizers in order.</summary>
    public virtual IReadOnlyList<string> PreTokenizers(LayoutSource source) =>
        ["""{ "type": "WhitespaceSplit" }""", Metaspace(source.Flag("add_prefix_space", true) ? "always" : "never")];

    /// <summary>Returns the decoders in order.</summary>
    public virtual IReadOnlyList<string> Decoders(LayoutSource source) => [Metaspace(source.Flag("add_prefix_space", true) ? "always" : "never")];

    /// <summary>Returns the added tokens, unless the configuration lists them.</summary>
    public virtual IEnumerable<AddedToken> AddedTokens(LayoutSource source) => source.MarkerPieces;

    /// <summary>Creates the templates for a text and for a pair of texts.</summary>
    public abstract PostProcessing Template(LayoutSource source, AddedVocabulary added);

    protected static string Metaspace(string scheme, bool split = true) =>
        $$"""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": {{(split ? "true" : "false")}} }""";
}
