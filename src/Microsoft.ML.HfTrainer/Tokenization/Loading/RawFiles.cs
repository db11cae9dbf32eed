using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Marian;
using Microsoft.ML.HfTrainer.Tokenization.Merges;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>Every kind of vocabulary files that is read without tokenizer.json: a new kind is a file of its own and a line here.</summary>
internal static class RawFiles
{
    // The first whose files are all there is taken.
    private static readonly (IReadOnlyList<string> Names, Func<TokenizerFiles, Pipeline> Read)[] Kinds =
    [
        Kind<VocabularyText>(),
        Kind<MarianFiles>(),
        Kind<MergeFiles>(),
        .. PieceFiles.Names.Select(name => ((IReadOnlyList<string>)[name], (Func<TokenizerFiles, Pipeline>)(files => PieceFiles.Read(files, name)))),
    ];

    /// <summary>Whether a pipeline can be built of files of these names.</summary>
    public static bool CanRead(IEnumerable<string> files) => Array.Exists(Kinds, kind => kind.Names.All(files.Contains));

    /// <summary>Builds the pipeline.</summary>
    public static Pipeline Read(TokenizerFiles files)
    {
        if (Array.Find(Kinds, kind => kind.Names.All(files.All.ContainsKey)).Read is { } read)
            return read(files);
        var found = files.All.Count == 0 ? "none of a tokenizer's files" : string.Join(", ", files.All.Keys.Order(StringComparer.Ordinal));
        var known = string.Join(", ", Kinds.Select(kind => string.Join(" with ", kind.Names)));
        throw new FileNotFoundException($"'{files.Name}' has no {TokenizerFiles.Tokenizer} (found: {found}); it, or one of these, is needed: {known}.");
    }

    private static (IReadOnlyList<string> Names, Func<TokenizerFiles, Pipeline> Read) Kind<T>()
        where T : IRawFiles => (T.Names, T.Read);
}
