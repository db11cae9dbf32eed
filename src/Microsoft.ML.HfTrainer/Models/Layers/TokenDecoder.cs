using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Scores of the vocabulary for hidden states. Its matrix is that of the input embedding itself (Press and Wolf 2017, arXiv:1608.05859), or one of its own.</summary>
internal sealed class TokenDecoder : Layer
{
    private readonly Embedding _embedding;
    private readonly string _path;
    private readonly string? _matrixName;
    private Linear? _matrix;

    [ComponentName(Name = "weight")]
    private Parameter? _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    /// <param name="embedding">The input embedding.</param>
    /// <param name="tied">Whether its matrix is used.</param>
    /// <param name="bias">Whether scores have a bias.</param>
    /// <param name="path">The name that this layer is registered under.</param>
    /// <param name="matrixName">The part of this layer that a matrix of its own is in; null: it is in this layer itself.</param>
    public TokenDecoder(Embedding embedding, bool tied, bool bias, string path, string? matrixName = null)
    {
        (_embedding, _path, _matrixName) = (embedding, path, matrixName);
        _bias = bias ? Weights.Allocate(this, "bias", embedding.Weight.shape[0]) : null;
        if (!tied)
            Untie();
    }

    /// <summary>Whether its matrix is the input embedding's.</summary>
    public bool IsTied => _weight is null && _matrix is null;

    /// <summary>The original's name of its matrix.</summary>
    public string WeightName => $"{Matrix}.weight";

    /// <summary>The original's names of its bias: under the first it is a parameter, under the second the same again; null where there is one name or none.</summary>
    public (string Name, string Alias)? BiasNames => _bias is null || _matrixName is null ? null : ($"{_path}.bias", $"{Matrix}.bias");

    /// <summary>Gives it a matrix of its own.</summary>
    public void Untie()
    {
        var shape = _embedding.Weight.shape;
        if (_matrixName is null)
            _weight = Weights.Allocate(this, "weight", shape);
        else
            _matrix = this.Register(_matrixName, new Linear(shape[1], shape[0], bias: false));
    }

    /// <summary>Gives it scores for another number of tokens, after the embedding has so many.</summary>
    /// <inheritdoc cref="VocabularyRows.Resize"/>
    public void Resize(long count, double? deviation)
    {
        var matrix = _weight ?? _matrix?.Weight;
        if (matrix is not null && matrix.shape[0] != count)
        {
            // The original makes a new layer before it fills it, whose random numbers count.
            empty([count, matrix.shape[1] + (_bias is null ? 0 : 1)], device: matrix.device).uniform_(0, 1).Dispose();
            VocabularyRows.Resize(matrix, count, deviation);
        }
        if (_bias is not null && _bias.shape[0] != count)
            VocabularyRows.Pad(_bias, count, aroundMean: matrix is not null && deviation is null);
    }

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, deviation);
        else
            parameter.zero_();
    }

    public Tensor Forward(Tensor hidden) => nn.functional.linear(hidden, _weight ?? _matrix?.Weight ?? _embedding.Weight, _bias);

    private string Matrix => _matrixName is null ? _path : $"{_path}.{_matrixName}";
}
