using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The scores of the vocabulary for hidden states. Its matrix is tied to the input embedding (Press and Wolf 2017, arXiv:1608.05859), or one of its own.</summary>
internal sealed class TokenDecoder : Layer
{
    private readonly Embedding _embedding;
    private readonly string _path;
    private readonly string? _matrixName;
    private readonly Parameter? _bias;
    private WeightMatrix? _own;

    /// <param name="embedding">The input embedding.</param>
    /// <param name="tied">true to use its matrix.</param>
    /// <param name="bias">true to add a bias to the scores.</param>
    /// <param name="path">The name under which this layer is registered.</param>
    /// <param name="matrixName">The name within this layer of the part that holds a matrix of its own. If null, this layer holds it itself.</param>
    public TokenDecoder(Embedding embedding, bool tied, bool bias, string path, string? matrixName = null)
    {
        (_embedding, _path, _matrixName) = (embedding, path, matrixName);
        _bias = bias ? Weights.Allocate(this, "bias", embedding.Weight.Rows) : null;
        if (!tied)
            Untie();
    }

    /// <summary>true if its matrix is the input embedding's (weight tying).</summary>
    public bool IsTied => _own is null;

    /// <summary>The name of its matrix in Hugging Face checkpoints.</summary>
    public string WeightName => $"{Matrix}.weight";

    /// <summary>The two names of its bias in Hugging Face checkpoints, of which the first is the parameter's; null if it has one name or there is no bias.</summary>
    public (string Name, string Alias)? BiasNames => _bias is null || _matrixName is null ? null : ($"{_path}.bias", $"{Matrix}.bias");

    private WeightMatrix Weight => _own ?? _embedding.Weight;

    /// <summary>Gives it a matrix of its own.</summary>
    public void Untie()
    {
        var (rows, columns) = (_embedding.Weight.Rows, _embedding.Weight.Columns);
        _own = _matrixName is null ? new WeightMatrix(this, rows, columns) : this.Register(_matrixName, new Linear(columns, rows, bias: false)).Weight;
    }

    /// <summary>Changes the number of tokens that are scored, after that of the embedding was changed.</summary>
    /// <inheritdoc cref="VocabularyRows.Resize"/>
    public void Resize(long count, double? deviation)
    {
        if (_own is { } matrix && matrix.Rows != count)
        {
            // Hugging Face makes a new layer before it fills it, and draws random numbers for it.
            empty([count, matrix.Columns + (_bias is null ? 0 : 1)], device: matrix.Parameter.device).uniform_(0, 1).Dispose();
            matrix.Resize(count, deviation);
        }
        if (_bias is not null && _bias.shape[0] != count)
            VocabularyRows.Pad(_bias, count, aroundMean: _own is not null && deviation is null);
    }

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, deviation);
        else
            parameter.zero_();
    }

    /// <summary>Returns scores <c>[..., vocabulary]</c> of hidden states <c>[..., size]</c>.</summary>
    public Tensor Forward(Tensor hidden) => Weight.Multiply(hidden, _bias);

    private string Matrix => _matrixName is null ? _path : $"{_path}.{_matrixName}";
}
