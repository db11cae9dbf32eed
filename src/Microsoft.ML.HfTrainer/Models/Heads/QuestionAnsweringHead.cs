using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of each token as the first and as the last of an answer (SQuAD; Rajpurkar et al. 2016, arXiv:1606.05250).</summary>
/// <param name="shape">What scores a hidden state.</param>
internal sealed class QuestionAnsweringHead(ClassifierShape shape) : TaskHead
{
    private const string Starts = "start_positions", Ends = "end_positions";

    private Classifier _classifier = null!;

    /// <summary>The head that most architectures have: one linear layer.</summary>
    public static QuestionAnsweringHead Linear(PretrainedConfig _) => new(new ClassifierShape { Output = "qa_outputs" });

    // Tokens compete with each other here, and in the original padding takes part.
    public override bool SeesPadding => true;

    public override IReadOnlyList<string> LabelNames => [Starts, Ends];

    public override void Build(HeadedModel model) => _classifier = new Classifier(model, shape, outputs: 2);

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
            Loss = batch.Find(Starts) is { } starts && batch.Find(Ends) is { } ends ? (Loss(start, starts) + Loss(end, ends)) / 2 : null,
        }.MoveToOuterDisposeScope();
    }

    // An answer beyond the tokens that there are is not asked for.
    private static Tensor Loss(Tensor scores, Tensor positions) =>
        TokenLosses.CrossEntropy(scores, positions.clamp(0, scores.shape[1]), ignored: scores.shape[1]);
}
