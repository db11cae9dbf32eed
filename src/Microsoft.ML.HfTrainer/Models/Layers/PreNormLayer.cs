using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// A transformer layer of self-attention and a feed-forward network, each behind a norm and added to a residual path (Xiong et al. 2020, arXiv:2002.04745). The parts
/// are given with their weight names and are registered in the order of assignment, which is the order in which new weights are drawn.
/// </summary>
public sealed class PreNormLayer : TransformerLayer
{
    private readonly Sublayer? _attention, _feedForward;
    private readonly Norm? _attentionNorm, _attentionOutputNorm, _feedForwardNorm, _feedForwardOutputNorm;
    private readonly Dropout? _dropout;

    /// <summary>The self-attention, with its weight name.</summary>
    public required (string Name, Sublayer Sublayer) Attention { init => _attention = Place(value.Name, value.Sublayer); }

    /// <summary>The norm of the hidden states that attention reads, with its weight name.</summary>
    public required (string Name, Norm Norm) AttentionNorm { init => _attentionNorm = this.Register(value.Name, value.Norm); }

    /// <summary>A norm of the output of attention, with its weight name (Gemma 2).</summary>
    public (string Name, Norm Norm) AttentionOutputNorm { init => _attentionOutputNorm = this.Register(value.Name, value.Norm); }

    /// <summary>The feed-forward network, with its weight name. If the name is empty, its projections are registered on the layer itself.</summary>
    public required (string Name, Sublayer Sublayer) FeedForward { init => _feedForward = Place(value.Name, value.Sublayer); }

    /// <summary>The norm of the hidden states that the feed-forward network reads, with its weight name.</summary>
    public required (string Name, Norm Norm) FeedForwardNorm { init => _feedForwardNorm = this.Register(value.Name, value.Norm); }

    /// <summary>A norm of the output of the feed-forward network, with its weight name (Gemma 2).</summary>
    public (string Name, Norm Norm) FeedForwardOutputNorm { init => _feedForwardOutputNorm = this.Register(value.Name, value.Norm); }

    /// <summary>The dropout probability of the outputs of attention and feed-forward network. Default: 0.</summary>
    public double Dropout { init => _dropout = this.Register("dropout", new Dropout(value)); }

    /// <summary>The arrangement of norms and sublayers around the residual path. Default: <see cref="ResidualArrangement.PreNorm"/>.</summary>
    public ResidualArrangement Arrangement { get; init; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var result = Arrangement switch
        {
            ResidualArrangement.Parallel => Parallel(hidden, layout),
            ResidualArrangement.PostNorm => PostNorm(hidden, layout),
            _ => PreNorm(hidden, layout),
        };
        return result.MoveToOuterDisposeScope();
    }

    private Tensor PreNorm(Tensor hidden, TokenLayout layout)
    {
        var attended = hidden + Attend(_attentionNorm!.Forward(hidden), layout);
        return attended + Feed(_feedForwardNorm!.Forward(attended), layout);
    }

    private Tensor Parallel(Tensor hidden, TokenLayout layout)
    {
        var attended = Attend(_attentionNorm!.Forward(hidden), layout);
        return Feed(_feedForwardNorm!.Forward(hidden), layout) + attended + hidden;
    }

    private Tensor PostNorm(Tensor hidden, TokenLayout layout)
    {
        var attended = _attentionNorm!.Forward(hidden + Attend(hidden, layout));
        return _feedForwardNorm!.Forward(attended + Feed(attended, layout));
    }

    private Tensor Attend(Tensor hidden, TokenLayout layout) => Output(_attention!.Forward(hidden, layout), _attentionOutputNorm);

    private Tensor Feed(Tensor hidden, TokenLayout layout) => Output(_feedForward!.Forward(hidden, layout), _feedForwardOutputNorm);

    private Tensor Output(Tensor output, Norm? norm)
    {
        var normalized = norm?.Forward(output) ?? output;
        return _dropout?.Forward(normalized) ?? normalized;
    }

    private Sublayer Place(string name, Sublayer sublayer)
    {
        if (name.Length > 0)
            return this.Register(name, sublayer);
        foreach (var (child, module) in sublayer.named_children())
            register_module(child, module);
        return sublayer;
    }
}

/// <summary>The arrangement of norms and sublayers around the residual path of a layer.</summary>
public enum ResidualArrangement
{
    /// <summary>Each sublayer reads normalized hidden states: <c>h + attention(norm(h))</c>, then the same with the feed-forward network.</summary>
    PreNorm,

    /// <summary>Both sublayers read the same hidden states (GPT-NeoX): <c>h + attention(norm₁(h)) + feedForward(norm₂(h))</c>.</summary>
    Parallel,

    /// <summary>The norm follows the addition: <c>norm(h + attention(h))</c>, then the same with the feed-forward network.</summary>
    PostNorm,
}
