using Microsoft.ML.HfTrainer.Tokenization.Encodings;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>A set of vocabulary files from which a pipeline can be built without tokenizer.json.</summary>
internal interface IRawFiles
{
    /// <summary>The names of the required files.</summary>
    static abstract IReadOnlyList<string> Names { get; }

    /// <summary>Builds the pipeline that tokenizer.json would describe.</summary>
    static abstract Pipeline Read(TokenizerFiles files);
}
