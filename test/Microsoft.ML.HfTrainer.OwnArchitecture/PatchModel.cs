using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.OwnArchitecture;

/// <summary>A body that reads images instead of token ids: <c>pixel_values</c> <c>[batch, 1, height, width]</c>, whose rows are its tokens.</summary>
public sealed class PatchModel : ModelBody
{
    /// <summary>The architecture, under the <c>model_type</c> "patches".</summary>
    public static readonly Architecture Registration = new Architecture("patches", basePrefix: "patches") { ClassName = "Patch" }
        .With(ModelHead.SequenceClassification, Body, _ => new SequenceClassificationHead(TextPooling.Mean, new ClassifierShape()))
        .With(ModelHead.CausalLM, Body, _ => new CausalLanguageModelHead(isTied: true));

    private readonly Linear _patches;
    private readonly MixerLayer _layer;

    private PatchModel(PretrainedConfig config, AttentionImplementation attention)
    {
        Size = config.GetSize("hidden_size");
        _patches = this.Register("embeddings.patches", new Linear(config.GetSize("image_size"), Size));
        _layer = this.Register("layers.0", new MixerLayer(Size, attention));
    }

    /// <inheritdoc/>
    public override long Size { get; }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> InputNames => ["pixel_values"];

    /// <inheritdoc/>
    public override TokenLayout CreateLayout(Batch batch, bool keepPadding) => new PaddedLayout(batch.Get("pixel_values").squeeze(1));

    /// <inheritdoc/>
    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        return _layer.Run(_patches.Forward(batch.Get("pixel_values").squeeze(1)), layout).MoveToOuterDisposeScope();
    }

    private static PatchModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}
