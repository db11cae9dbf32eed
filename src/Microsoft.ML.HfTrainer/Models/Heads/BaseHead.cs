using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>No head: hidden states, and the pooler's vector where the architecture has one.</summary>
internal sealed class BaseHead : TaskHead
{
    public override bool UsesPooler => true;

    public override IReadOnlyList<string> LabelNames => [];

    public override void Build(HeadedModel model)
    {
    }

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch) => new()
    {
        Name = "last_hidden_state",
        Logits = layout.ToPadded(hidden),
        Others = body.Pool(hidden, layout) is { } pooled ? new Dictionary<string, Tensor> { ["pooler_output"] = pooled } : new(),
    };
}
