using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Marian;
using Microsoft.ML.HfTrainer.Tokenization.Merges;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The kinds of vocabulary files that can be loaded without tokenizer.json. To support another kind, add a file and an entry here.</summary>
internal static class RawFiles
{
    // The first kind whose files all exist is used.
    private static readonly (IReadOnlyList<string> Names, Func<TokenizerFiles, Pipeline> Read)[] Kinds =
    [
        Kind<VocabularyText>(),
        Kind<MarianFiles>(),
        Kind<MergeFiles>(),
        .. PieceFiles.Names.Select(name => ((IReadOnlyList<string>)[name], (Func<TokenizerFiles, Pipeline>)(files => PieceFiles.Read(files, name)))),
    ];

    /// <summary>Indicates whether a pipeline can be built from files with these names.</summary>
    public static bool CanRead(IEnumerable<string> files) => Array.Exists(Kinds, kind => kind.Names.All(files.Contains));

    /// <summary>Builds the pipeline.</summary>
    public static Pipeline Read(TokenizerFiles files)
    {
        if (Array.Find(Kinds, kind => kind.Names.All(files.All.ContainsKey)).Read is { } read)
            return read(files);
        var found = files.All.Count == 0 ? "no tokenizer files" : string.Join(", ", files.All.Keys.Order(StringComparer.Ordinal));
        var known = string.Join(", ", Kinds.Select(kind => string.Join(" with ", kind.Names)));
        throw new FileNotFoundException($"'{files.Name}' has no {TokenizerFiles.Tokenizer} (found: {found}); either it or one of these is required: {known}.");
    }

    private static (IReadOnlyList<string> Names, Func<TokenizerFiles, Pipeline> Read) Kind<T>()
        where T : IRawFiles => (T.Names, T.Read);
}
