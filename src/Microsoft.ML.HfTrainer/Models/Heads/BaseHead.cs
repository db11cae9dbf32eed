using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>No head: the output is the hidden states, and the pooler's vector if the architecture has a pooler.</summary>
public sealed class BaseHead : TaskHead
{
    /// <inheritdoc/>
    public override bool UsesPooler => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames => [];

    /// <inheritdoc/>
    public override void Build(HeadedModel model)
    {
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch) => new()
    {
        Name = "last_hidden_state",
        Logits = layout.ToPadded(hidden),
        Others = body.Pool(hidden, layout) is { } pooled ? new Dictionary<string, Tensor> { ["pooler_output"] = pooled } : new(),
    };
}
