using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>The names that samples of the documentation use without declaring them.</summary>
public static class SampleNames
{
    public static MLContext mlContext => null!;

    public static HfTokenizer tokenizer => null!;

    public static Trainer trainer => null!;

    public static TrainingArguments args => null!;

    public static TrainingArguments arguments => null!;

    public static IDataCollator collator => null!;

    public static MetricSet metrics => null!;

    public static IReadOnlyList<ChatMessage> messages => null!;

    public static string[] texts => null!;

    public static string folder => null!;

    public static string token => null!;

    public static string marked => null!;

    public static float[] pixels => null!;

    public static Tensor inputIds => null!;

    public static Tensor attentionMask => null!;

    public static CancellationToken cancellationToken => default;

    public static int[] firstChoice => null!;

    public static int[] secondChoice => null!;

    public static Review[] reviews => null!;

    public sealed class Review
    {
        [LoadColumn(0)]
        public string Text { get; set; } = "";

        [LoadColumn(1)]
        public string Label { get; set; } = "";
    }

    public sealed class ReviewPrediction
    {
        public string Prediction { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    /// <summary>An architecture of another assembly.</summary>
    public sealed class MixerModel : ModelBody
    {
        public MixerModel(PretrainedConfig config, AttentionImplementation attention) => (Size, Attention) = (config.GetSize("hidden_size"), attention);

        public AttentionImplementation Attention { get; }

        public override long Size { get; }

        public override Embedding InputEmbedding => throw new NotSupportedException();

        public override Tensor Forward(Batch batch, TokenLayout layout) => throw new NotSupportedException();
    }

    /// <summary>Data as samples of <see cref="Trainer"/> name it.</summary>
    public static class ForTrainer
    {
        public static PretrainedModel model => null!;

        public static Dataset train => null!;

        public static Dataset test => null!;

        public static Dataset validation => null!;
    }

    /// <summary>Data as samples of pipelines name it.</summary>
    public static class ForPipeline
    {
        public static IDataView train => null!;

        public static IDataView test => null!;

        public static IDataView validation => null!;

        public static IDataView news => null!;

        public static IDataView films => null!;

        public static ITransformer model => null!;
    }
}
