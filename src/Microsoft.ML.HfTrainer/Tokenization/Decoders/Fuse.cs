using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Joins all pieces into one, so that the decoders after it see the whole text.</summary>
internal sealed class Fuse : IDecoder, IPart<Fuse>
{
    public static string TypeName => "Fuse";

    public static Fuse Read(PartReader json) => new();

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [string.Concat(tokens)];
}
