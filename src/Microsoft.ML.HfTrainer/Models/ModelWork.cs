using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Estimates what a model computes.</summary>
internal static class ModelWork
{
    /// <summary>The number of parameters that each token is multiplied with: those outside the embeddings.</summary>
    public static long MatrixParameters(nn.Module model) =>
        model.parameters().Sum(p => p.numel())
        - model.named_modules().Where(m => m.module is Embedding or TorchSharp.Modules.Embedding).Sum(m => m.module.parameters().Sum(p => p.numel()));
}
