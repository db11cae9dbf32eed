using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer;

public abstract partial class PretrainedModel
{
    private Recomputation? _recomputation;

    ProblemType? ITrainableModel.ProblemType => Config.ProblemType;

    bool ITrainableModel.AcceptsLabelCount => true;

    string ITrainableModel.ClassName => ClassName;

    PretrainedConfig ITrainableModel.SavedConfig() => SavedConfig();

    void ITrainableModel.UseRandomStream(RandomStream stream) => UseRandomStream(stream);

    void ITrainableModel.UseActivationCheckpointing(int everyNLayers)
    {
        _recomputation?.Dispose();
        _recomputation = everyNLayers > 0 ? new Recomputation() : null;
        UseRecomputation(_recomputation, Math.Max(everyNLayers, 1));
    }

    void ITrainableModel.CompleteBackward() => _recomputation?.Complete();

    void ITrainableModel.UseEmbeddingNoise(double? alpha) => UseEmbeddingNoise(alpha);
}
