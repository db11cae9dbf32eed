using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of each token as the first and as the last of an answer, each <c>[batch, length]</c> (SQuAD; Rajpurkar et al. 2016, arXiv:1606.05250).</summary>
/// <param name="shape">The classifier of hidden states.</param>
public sealed class QuestionAnsweringHead(ClassifierShape shape) : TaskHead
{
    private const string Starts = "start_positions", Ends = "end_positions";

    private Classifier _classifier = null!;

    /// <summary>Creates the head that most architectures have: one linear layer, <c>qa_outputs</c>.</summary>
    /// <param name="config">The configuration.</param>
    public static QuestionAnsweringHead Linear(PretrainedConfig config) => new(new ClassifierShape { Output = "qa_outputs" });

    // The softmax is over all tokens of a row, and in Hugging Face Transformers padding takes part.
    /// <inheritdoc/>
    public override bool SeesPadding => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames => [Starts, Ends];

    internal override bool IsPerText => true;

    /// <inheritdoc/>
    public override void Build(HeadedModel model) => _classifier = new Classifier(model, shape, outputs: 2);

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var scores = _classifier.Forward(hidden);
        var (start, end) = (scores.select(-1, 0).contiguous(), scores.select(-1, 1).contiguous());
        return new ModelOutput
        {
            Name = "start_logits",
            Logits = start,
            Others = new Dictionary<string, Tensor> { ["end_logits"] = end },
            Loss = batch.ContainsKey(Starts) && batch.ContainsKey(Ends) ? (Loss(start, batch, Starts) + Loss(end, batch, Ends)) / 2 : null,
        }.MoveToOuterDisposeScope();
    }

    // A position beyond the tokens does not count, and one before them is the first.
    private static Tensor Loss(Tensor scores, Batch batch, string name)
    {
        BatchCheck.Positions(batch, name, scores);
        return TokenLosses.CrossEntropy(scores, batch.Get(name).clamp(0, scores.shape[1]), ignored: scores.shape[1]);
    }
}
