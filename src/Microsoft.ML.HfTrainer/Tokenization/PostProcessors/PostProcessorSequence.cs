using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>Applies post-processors one after the other.</summary>
internal sealed class PostProcessorSequence(IReadOnlyList<IPostProcessor> processors) : IPostProcessor, IPart<PostProcessorSequence>
{
    public static string TypeName => "Sequence";

    public static PostProcessorSequence Read(PartReader json) => new(json.Items("processors", TokenizerParts.PostProcessors.Read));

    public PostProcessing Amend(PostProcessing processing) =>
        processors.Aggregate(processing, (amended, processor) => processor.Amend(amended));
}
