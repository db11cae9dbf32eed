using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Attention with its linear maps: of the tokens that ask to queries, of those that are asked to keys and values, and of what was gathered. The maps are given
/// with their weight names, and are registered in the order in which they are given: the original numbers weights by it.
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

    /// <summary>What the tokens of a text gather of one another.</summary>
    public Tensor Forward(Tensor hidden, TokenLayout layout, Tensor? bias = null) => Forward(hidden, layout, hidden, layout, bias);

    /// <summary>What the tokens <paramref name="asking"/> gather of those <paramref name="asked"/>, each in its layout.</summary>
    public Tensor Forward(Tensor asking, TokenLayout layout, Tensor asked, TokenLayout askedLayout, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var gathered = _attention.Forward(_query!.Forward(asking), layout, _key!.Forward(asked), _value!.Forward(asked), askedLayout, bias);
        return _output!.Forward(gathered).MoveToOuterDisposeScope();
    }
}
