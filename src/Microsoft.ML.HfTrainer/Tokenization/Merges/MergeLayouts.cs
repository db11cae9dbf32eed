using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>Every layout of byte-level vocabularies: a new one is an entry here.</summary>
internal static class MergeLayouts
{
    private static readonly MergeLayout Gpt2 = new(["GPT2Tokenizer", "CodeGenTokenizer"], EndOfText("unk", "bos", "eos"), Marked);

    private static readonly MergeLayout GptNeoX = Gpt2 with
    {
        Classes = ["GPTNeoXTokenizer"],
        Marks = new Dictionary<string, string>(Gpt2.Marks) { ["pad"] = "<|padding|>" },
        Normalizer = new Nfc(),
    };

    private static readonly MergeLayout Qwen2 = new(["Qwen2Tokenizer"], EndOfText("unk", "eos", "pad"), Marked)
    {
        Normalizer = new Nfc(),
        PreTokenizer = addsSpace => new PreTokenizerSequence(
        [
            new SplitPreTokenizer(KnownPatterns.Find(Cl100kPattern.OneDigit)!, SplitBehavior.Isolated, invert: false),
            new ByteLevel(addsSpace, splits: false),
        ]),
    };

    private static readonly MergeLayout Roberta = new(
        ["RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer", "MvpTokenizer"], RobertaMarks.All,
        source => Between(source, trimsOffsets: source.Flag("trim_offsets", true)));

    private static readonly MergeLayout Deberta = new(
        ["DebertaTokenizer"],
        new Dictionary<string, string>
        {
            ["bos"] = "[CLS]", ["eos"] = "[SEP]", ["sep"] = "[SEP]", ["cls"] = "[CLS]", ["unk"] = "[UNK]", ["pad"] = "[PAD]", ["mask"] = "[MASK]",
        },
        source => Between(source, trimsOffsets: false));

    private static readonly MergeLayout[] All = [Gpt2, GptNeoX, Qwen2, Roberta, Deberta];

    /// <summary>What each class has where files say nothing.</summary>
    public static IEnumerable<(string Name, TokenizerClass Class)> Classes =>
        All.SelectMany(layout => layout.Classes, (layout, name) => (name, new TokenizerClass { Marks = layout.Marks }));

    /// <summary>
    /// The layout of a class; where the configuration names none, or one that leaves all to tokenizer.json, the vocabulary tells: those of
    /// RoBERTa's kind have its special tokens.
    /// </summary>
    /// <exception cref="NotSupportedException">The class has none here.</exception>
    public static MergeLayout Find(string? tokenizerClass, Vocabulary vocabulary, string tokenizer)
    {
        var name = tokenizerClass is null ? null : TokenizerClass.Slow(tokenizerClass);
        if (name is null or "PreTrainedTokenizer" or "TokenizersBackend")
            return Array.Find([Roberta, Deberta], layout => layout.Marks.Values.All(token => vocabulary.Find(token) is not null)) ?? Gpt2;
        return Array.Find(All, layout => layout.Classes.Contains(name)) ?? throw new NotSupportedException(
            $"The tokenizer '{tokenizer}' has no {TokenizerFiles.Tokenizer}, and of vocab.json and merges.txt this version makes tokenizers of the classes " +
            $"{string.Join(", ", All.SelectMany(layout => layout.Classes))}; '{tokenizerClass}' is none of them.");
    }

    private static Dictionary<string, string> EndOfText(params string[] roles) => roles.ToDictionary(role => role, _ => "<|endoftext|>");

    private static PostProcessing Marked(MergeSource source) => MarkTemplate.Make(
        source.Flag("add_bos_token", false) ? source.OptionalId("bos") : null, source.Flag("add_eos_token", false) ? source.OptionalId("eos") : null);

    private static PostProcessing Between(MergeSource source, bool trimsOffsets) =>
        new RobertaProcessing(source.Id("cls"), source.Id("sep"), trimsOffsets, source.AddsSpace).Amend(PostProcessing.None);
}
