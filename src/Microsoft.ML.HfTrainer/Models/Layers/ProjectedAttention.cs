using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Attention with its query, key, value and output projections. They are registered under the names and in the order in which they are given, which is the order of Hugging Face
/// Transformers: initial weights are drawn in it.
/// </summary>
internal sealed class ProjectedAttention : Layer
{
    private readonly Attention _attention;
    private readonly Linear? _query, _key, _value, _output;

    public ProjectedAttention(Attention attention) => _attention = this.Register("weights", attention);

    public required (string Name, Linear Map) Query { init => _query = this.Register(value.Name, value.Map); }

    public required (string Name, Linear Map) Key { init => _key = this.Register(value.Name, value.Map); }

    public required (string Name, Linear Map) Value { init => _value = this.Register(value.Name, value.Map); }

    public required (string Name, Linear Map) Output { init => _output = this.Register(value.Name, value.Map); }

    /// <summary>Computes self-attention.</summary>
    public Tensor Forward(Tensor hidden, TokenLayout layout, Tensor? bias = null) => Forward(hidden, layout, hidden, layout, bias);

    /// <summary>Computes attention of the hidden states of one layout over those of another.</summary>
    public Tensor Forward(Tensor hidden, TokenLayout layout, Tensor keyHidden, TokenLayout keyLayout, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var (key, value) = ReferenceEquals(layout, keyLayout) ? Project() : layout.Remember(this, Project);
        var context = _attention.Forward(_query!.Forward(hidden), layout, key, value, keyLayout, bias);
        return _output!.Forward(context).MoveToOuterDisposeScope();

        (Tensor Key, Tensor Value) Project() => (_key!.Forward(keyHidden), _value!.Forward(keyHidden));
    }
}
