using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Sentences;

/// <summary>Scales vectors to length 1, so that their dot product is the cosine similarity.</summary>
internal sealed record NormalizeModule(string Type, JsonFields Fields) : SentenceModule(Type, Fields)
{
    private const double SmallestLength = 1e-12;

    /// <summary>Creates one that no file describes.</summary>
    public NormalizeModule() : this("sentence_transformers.models.Normalize", JsonFields.Read(SentenceModuleList.Normalize, "{}"u8))
    {
    }

    public override string Kind => SentenceModuleList.Normalize;

    public override SentenceStep Build(long size) => new(vectors => nn.functional.normalize(vectors, p: 2, dim: -1, eps: SmallestLength), size);
}
