using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>The layouts of byte-level vocabularies. To support another class, add an entry here.</summary>
internal static class MergeLayouts
{
    private static readonly MergeLayout Gpt2 = new(["GPT2Tokenizer", "CodeGenTokenizer"], EndOfText("unk", "bos", "eos"), BosEos);

    private static readonly MergeLayout GptNeoX = Gpt2 with
    {
        Classes = ["GPTNeoXTokenizer"],
        SpecialTokens = new Dictionary<string, string>(Gpt2.SpecialTokens) { ["pad"] = "<|padding|>" },
        Normalizer = new Nfc(),
    };

    private static readonly MergeLayout Qwen2 = new(["Qwen2Tokenizer"], EndOfText("unk", "eos", "pad"), BosEos)
    {
        Normalizer = new Nfc(),
        PreTokenizer = addsSpace => new PreTokenizerSequence(
        [
            new SplitPreTokenizer(KnownPatterns.Find(Cl100kPattern.OneDigit)!, SplitBehavior.Isolated, invert: false),
            new ByteLevel(addsSpace, splits: false),
        ]),
    };

    private static readonly MergeLayout Roberta = new(
        ["RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer", "MvpTokenizer"], FairseqTokens.All,
        source => ClsSep(source, trimsOffsets: source.Flag("trim_offsets", true)));

    private static readonly MergeLayout Deberta = new(
        ["DebertaTokenizer"],
        new Dictionary<string, string>
        {
            ["bos"] = "[CLS]", ["eos"] = "[SEP]", ["sep"] = "[SEP]", ["cls"] = "[CLS]", ["unk"] = "[UNK]", ["pad"] = "[PAD]", ["mask"] = "[MASK]",
        },
        source => ClsSep(source, trimsOffsets: false));

    private static readonly MergeLayout[] All = [Gpt2, GptNeoX, Qwen2, Roberta, Deberta];

    /// <summary>The defaults of each class, for what the files do not specify.</summary>
    public static IEnumerable<(string Name, TokenizerClass Class)> Classes =>
        All.SelectMany(layout => layout.Classes, (layout, name) => (name, new TokenizerClass { SpecialTokens = layout.SpecialTokens }));

    /// <summary>
    /// Returns the layout of a class. If the configuration names no class, or one that leaves everything to tokenizer.json, the vocabulary decides:
    /// those of RoBERTa models contain its special tokens.
    /// </summary>
    /// <exception cref="NotSupportedException">The class has no layout.</exception>
    public static MergeLayout Find(string? tokenizerClass, Vocabulary vocabulary, string tokenizer)
    {
        var name = tokenizerClass is null ? null : TokenizerClass.WithoutFast(tokenizerClass);
        if (name is null or "PreTrainedTokenizer" or "TokenizersBackend")
            return Array.Find([Roberta, Deberta], layout => layout.SpecialTokens.Values.All(token => vocabulary.Find(token) is not null)) ?? Gpt2;
        return Array.Find(All, layout => layout.Classes.Contains(name)) ?? throw new NotSupportedException(
            $"The tokenizer '{tokenizer}' has no {TokenizerFiles.Tokenizer}, and from vocab.json and merges.txt this version builds tokenizers of the classes " +
            $"{string.Join(", ", All.SelectMany(layout => layout.Classes))}; '{tokenizerClass}' is none of them.");
    }

    private static Dictionary<string, string> EndOfText(params string[] roles) => roles.ToDictionary(role => role, _ => "<|endoftext|>");

    private static PostProcessing BosEos(MergeSource source) => BosEosTemplate.Make(
        source.Flag("add_bos_token", false) ? source.OptionalId("bos") : null, source.Flag("add_eos_token", false) ? source.OptionalId("eos") : null);

    private static PostProcessing ClsSep(MergeSource source, bool trimsOffsets) =>
        new RobertaProcessing(source.Id("cls"), source.Id("sep"), trimsOffsets, source.AddsSpace).Amend(PostProcessing.None);
}
