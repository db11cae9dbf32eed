using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies how a loss is averaged, which decides how gradient accumulation scales it.</summary>
public enum LossReduction
{
    /// <summary>The mean over the labels of its own micro-batch.</summary>
    Mean,

    /// <summary>The sum over the labels of its micro-batch, divided by the <see cref="Batch.LabelCount"/> of the whole update if that is known, else their mean.</summary>
    SumOverLabelCount,
}

/// <summary>The output of a model for a batch. Disposing it disposes its tensors.</summary>
public sealed class ModelOutput : IDisposable
{
    /// <summary>The loss, a scalar; null if the batch has no labels.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>
    /// The first output, usually scores before softmax: <c>[batch, labels]</c> of a sequence classifier, <c>[batch, length, labels]</c> of a token classifier,
    /// <c>[batch, length, vocabulary]</c> of a language model. In question answering it is <see cref="StartLogits"/>, without a head <see cref="LastHiddenState"/>, and of a sentence
    /// embedding model <see cref="SentenceEmbedding"/>.
    /// </summary>
    public required Tensor Logits { get; init; }

    /// <summary>The name of the first output in Hugging Face Transformers, such as <c>start_logits</c>. Default: <c>logits</c>.</summary>
    public string Name { get; init; } = "logits";

    /// <summary>The other outputs by name, in order, each <c>[batch, ...]</c>; predictions hold them after the logits.</summary>
    public IReadOnlyDictionary<string, Tensor> Others { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The scores of each token as the first of the answer, <c>[batch, length]</c>; null for other heads.</summary>
    public Tensor? StartLogits => Find("start_logits");

    /// <summary>The scores of each token as the last of the answer, <c>[batch, length]</c>; null for other heads.</summary>
    public Tensor? EndLogits => Find("end_logits");

    /// <summary>The hidden states of a model without a head, <c>[batch, length, size]</c>; those of padding may be 0.</summary>
    public Tensor? LastHiddenState => Find("last_hidden_state");

    /// <summary>The pooler's vector for each text, <c>[batch, size]</c>, of a model without a head; null if the architecture has no pooler.</summary>
    public Tensor? PoolerOutput => Find("pooler_output");

    /// <summary>The embedding of each text, <c>[batch, size]</c>, of a sentence embedding model; null for other heads.</summary>
    public Tensor? SentenceEmbedding => Find("sentence_embedding");

    /// <summary>Returns the output of a name in Hugging Face Transformers, or null.</summary>
    public Tensor? Find(string name) => name == Name ? Logits : Others.GetValueOrDefault(name);

    /// <summary>How <see cref="Loss"/> is averaged.</summary>
    public LossReduction LossReduction { get; init; }

    /// <summary>Returns the output with its 16-bit numbers in float32.</summary>
    internal ModelOutput Widened() => new()
    {
        Logits = Widened(Logits),
        Name = Name,
        Loss = Loss is null ? null : Widened(Loss),
        Others = Others.ToDictionary(o => o.Key, o => Widened(o.Value)),
        LossReduction = LossReduction,
    };

    /// <summary>Returns the same output with another loss, or with none.</summary>
    public ModelOutput WithLoss(Tensor? loss) => new() { Loss = loss, Logits = Logits, Name = Name, Others = Others, LossReduction = LossReduction };

    /// <summary>Returns the same output with other logits.</summary>
    public ModelOutput WithLogits(Tensor logits) => new() { Loss = Loss, Logits = logits, Name = Name, Others = Others, LossReduction = LossReduction };

    /// <summary>Keeps the output's tensors alive beyond the current dispose scope, as <c>forward</c> does when it returns them.</summary>
    public ModelOutput MoveToOuterDisposeScope()
    {
        Logits.MoveToOuterDisposeScope();
        Loss?.MoveToOuterDisposeScope();
        foreach (var tensor in Others.Values)
            tensor.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Disposes the loss, the logits and the other outputs. Within a dispose scope, which does so at its end, there is no need to.</summary>
    public void Dispose()
    {
        Logits.Dispose();
        Loss?.Dispose();
        foreach (var tensor in Others.Values)
            tensor.Dispose();
    }

    private static Tensor Widened(Tensor tensor) => tensor.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? tensor.to(ScalarType.Float32) : tensor;
}
