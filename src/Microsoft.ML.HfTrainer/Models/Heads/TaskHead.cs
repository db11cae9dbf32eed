using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>What makes a body's hidden states into the output of a task.</summary>
internal abstract class TaskHead
{
    /// <summary>Makes the head of a configuration.</summary>
    public delegate TaskHead Factory(PretrainedConfig config);

    /// <summary>Whether it takes what the body makes of a whole text.</summary>
    public virtual bool UsesPooler => false;

    /// <summary>Whether hidden states of padding are part of its output, so that none can be left out.</summary>
    public virtual bool SeesPadding { get; init; }

    /// <summary>The tensors of a batch that its loss is computed from.</summary>
    public virtual IReadOnlyList<string> LabelNames => [Batch.Labels];

    /// <summary>Whether each token's scores are of the label that follows it.</summary>
    public virtual bool ShiftsLabels => false;

    /// <summary>The layer that scores the tokens of the vocabulary; null where there is none.</summary>
    public virtual TokenDecoder? Decoder => null;

    /// <summary>How it makes sentence embeddings; null: it makes none.</summary>
    public virtual SentenceEmbeddingSettings? Embeddings => null;

    /// <summary>The batch of texts that the body reads.</summary>
    public virtual Batch Texts(Batch batch) => batch;

    /// <summary>Registers its layers on the model, under their weight names. The body is there already.</summary>
    public abstract void Build(HeadedModel model);

    /// <summary>Fills those of its weights that are not in the model's own files but beside them.</summary>
    public virtual LoadReport LoadFiles(string folder) => LoadReport.Empty;

    /// <summary>Writes its files beside those of the model.</summary>
    public virtual void SaveFiles(string folder)
    {
    }

    /// <summary>The output for hidden states in a layout; its loss is there if the batch has labels.</summary>
    public abstract ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch);
}
