using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Applies decoders one after the other.</summary>
internal sealed class DecoderSequence(IReadOnlyList<IDecoder> decoders) : IDecoder, IPart<DecoderSequence>
{
    public static string TypeName => "Sequence";

    public static DecoderSequence Read(PartReader json) => new(json.Items("decoders", TokenizerParts.Decoders.Read));

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        decoders.Aggregate(tokens, (pieces, decoder) => decoder.Decode(pieces));
}
