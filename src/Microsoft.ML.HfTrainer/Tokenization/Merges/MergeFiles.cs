using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tokenization.Merges;

/// <summary>
/// Builds the pipeline for <c>vocab.json</c> and <c>merges.txt</c> (byte-level BPE), by the layout of the <c>tokenizer_class</c> and the settings of
/// tokenizer_config.json.
/// </summary>
internal sealed class MergeFiles : IRawFiles
{
    private const string VocabularyFile = "vocab.json", MergeFile = "merges.txt";

    public static IReadOnlyList<string> Names { get; } = [VocabularyFile, MergeFile];

    public static Pipeline Read(TokenizerFiles files)
    {
        var json = files.Json(VocabularyFile)!.Value;
        var vocabulary = Vocabulary.Read(json);
        var configuration = files.Json(TokenizerFiles.Configuration);
        var layout = MergeLayouts.Find(configuration?.OptionalText("tokenizer_class"), vocabulary, files.Name);
        var added = new AddedVocabulary(DeclaredTokens.Read(files, layout.SpecialTokens, []), vocabulary, layout.Normalizer);
        var names = SpecialTokenNames.Read(configuration, files.Json(TokenizerFiles.SpecialTokens), layout.SpecialTokens);
        var source = new MergeSource(configuration, names, added, json.Context);
        var (preTokenizer, model) = ByteLevelBpe.TakeOver(layout.PreTokenizer(source.AddsSpace), ReadModel(files, vocabulary));
        return new Pipeline(layout.Normalizer, preTokenizer, model, layout.Template(source), new ByteLevelDecoder(), added)
        {
            TokenizerClass = layout.Classes[0],
        };
    }

    private static Bpe ReadModel(TokenizerFiles files, Vocabulary vocabulary)
    {
        var context = files.Context(MergeFile);
        var lines = files.Lines(MergeFile)!;
        while (lines is [.., ""])
            lines.RemoveAt(lines.Count - 1);
        // Some files begin with a line such as "#version: 0.2".
        var first = lines.Count > 0 && lines[0].StartsWith("#version", StringComparison.Ordinal) ? 1 : 0;
        var merges = new List<(string Left, string Right)>(lines.Count);
        for (var i = first; i < lines.Count; i++)
        {
            merges.Add(BpeMerges.Read(lines[i])
                ?? throw context.Error($"line {i + 1}", $"found '{lines[i]}'; a line must hold two tokens separated by one space."));
        }
        return new Bpe(vocabulary, merges, new BpeSettings(), (index, message) => context.Error(index < 0 ? "" : $"line {index + first + 1}", message));
    }
}
