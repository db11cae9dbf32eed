using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>Trims whitespace from offsets, or does nothing.</summary>
internal sealed class ByteLevelProcessing(bool trimOffsets, bool addsPrefixSpace) : IPostProcessor, IPart<ByteLevelProcessing>
{
    public static string TypeName => "ByteLevel";

    public static ByteLevelProcessing Read(PartReader json) => new(json.Flag("trim_offsets", true), json.Flag("add_prefix_space", true));

    public PostProcessing Amend(PostProcessing processing) =>
        trimOffsets ? processing with { TrimOffsets = true, AddsPrefixSpace = addsPrefixSpace } : processing;
}
