using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>A kind of vocabulary files from which the pipeline is built where there is no tokenizer.json.</summary>
internal interface IRawFiles
{
    /// <summary>The files that must all be there.</summary>
    static abstract IReadOnlyList<string> Names { get; }

    /// <summary>Builds the pipeline that tokenizer.json would describe.</summary>
    static abstract Pipeline Read(TokenizerFiles files);
}
