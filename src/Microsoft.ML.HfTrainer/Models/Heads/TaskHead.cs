using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>A head: it computes the output of a task, and its loss, from a body's hidden states.</summary>
public abstract class TaskHead
{
    /// <summary>Creates the head that a configuration describes.</summary>
    /// <param name="config">The configuration.</param>
    public delegate TaskHead Factory(PretrainedConfig config);

    /// <summary>true if the head uses the body's pooler. Default: false.</summary>
    public virtual bool UsesPooler => false;

    /// <summary>true if the hidden states of padding are part of the output, so that batches are not packed. Default: false.</summary>
    public virtual bool SeesPadding { get; init; }

    /// <summary>The names of the tensors of a batch from which the loss is computed. Default: <c>labels</c>.</summary>
    public virtual IReadOnlyList<string> LabelNames => [Batch.Labels];

    /// <summary>true if the scores of each token are those of the label that follows it. Default: false.</summary>
    public virtual bool ShiftsLabels => false;

    /// <summary>true if the output has one row for each row of the batch, which so must be one text. Default: false.</summary>
    internal virtual bool IsPerText => false;

    /// <summary>The names of the tensors that the head reads beside those of the body and the labels. Default: none.</summary>
    internal virtual IReadOnlyCollection<string> InputNames => [];

    /// <summary>true if a text may have no tokens. Default: false.</summary>
    internal virtual bool TakesEmptyTexts => false;

    /// <summary>The layer that scores the tokens of the vocabulary; null if there is none.</summary>
    internal virtual TokenDecoder? Decoder => null;

    /// <summary>How sentence embeddings are computed; null if the head computes none.</summary>
    internal virtual SentenceEmbeddingSettings? Embeddings => null;

    /// <summary>Returns the batch of texts that the body reads. By default the batch itself.</summary>
    /// <param name="batch">The batch.</param>
    public virtual Batch Texts(Batch batch) => batch;

    /// <summary>Registers the head's layers on the model, under their names in checkpoints. The body is registered already.</summary>
    /// <param name="model">The model.</param>
    public abstract void Build(HeadedModel model);

    /// <summary>Loads the weights that have files of their own beside the model's.</summary>
    internal virtual LoadReport LoadFiles(string folder) => LoadReport.Empty;

    /// <summary>Writes the head's own files beside the model's.</summary>
    internal virtual void SaveFiles(string folder)
    {
    }

    /// <summary>Computes the output, and the loss if the batch has labels.</summary>
    /// <param name="body">The body.</param>
    /// <param name="hidden">Hidden states in the layout.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="batch">The batch.</param>
    public abstract ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch);
}
