using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>RoBERTa (Liu et al. 2019, arXiv:1907.11692): BERT's encoder with positions counted from the padding id, and other heads.</summary>
internal static class Roberta
{
    public static readonly Architecture Registration = Of("roberta", "Roberta", vocabulary: 50265);

    /// <summary>Creates RoBERTa under another <c>model_type</c> with the same prefix of weights.</summary>
    /// <param name="modelType">The <c>model_type</c>.</param>
    /// <param name="className">The common start of the names of the Hugging Face classes.</param>
    /// <param name="vocabulary">The default size of the vocabulary.</param>
    public static Architecture Of(string modelType, string className, int vocabulary) => Of(modelType, "roberta", className, vocabulary, Body)
        .With(ModelHead.CausalLM, Body, config => new MaskedLanguageModelHead(Predictions(config) with { PredictsNext = true }));

    /// <summary>Creates an architecture with RoBERTa's heads and positions.</summary>
    public static Architecture Of(string modelType, string basePrefix, string className, int vocabulary, ModelBody.Factory body) =>
        new Architecture(modelType, basePrefix)
        {
            ClassName = className,
            Defaults = $$"""{ "vocab_size": {{vocabulary}}, {{Bert.Sizes}} }""",
            UnusedPositions = config => PositionEmbedding.PaddingOf(config, TokenPositions.AfterPadding)!.Value + 1,
        }
            .With(ModelHead.Base, body, _ => new BaseHead())
            .With(ModelHead.SequenceClassification, body, config => new SequenceClassificationHead(TextPooling.FirstToken, new ClassifierShape
            {
                Dense = "classifier.dense",
                Activation = Activation.Tanh,
                Output = "classifier.out_proj",
                InputDropout = Bert.ClassifierDropout(config),
                Dropout = Bert.ClassifierDropout(config),
            }))
            .With(ModelHead.TokenClassification, body, config => new TokenClassificationHead(new ClassifierShape { Dropout = Bert.ClassifierDropout(config) }))
            .With(ModelHead.QuestionAnswering, body, QuestionAnsweringHead.Linear)
            .With(ModelHead.MultipleChoice, body, config => new MultipleChoiceHead(TextPooling.Pooler, new ClassifierShape { Dropout = config.GetProbability("hidden_dropout_prob", 0.1) }))
            .With(ModelHead.MaskedLM, body, config => new MaskedLanguageModelHead(Predictions(config)));

    private static MaskedLanguageModelShape Predictions(PretrainedConfig config) => new()
    {
        Dense = "lm_head.dense",
        Activation = Activation.Gelu,
        Norm = "lm_head.layer_norm",
        Epsilon = config.GetDouble("layer_norm_eps", 1e-12),
        Decoder = "lm_head",
        DecoderMatrix = "decoder",
    };

    private static BertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) =>
        new(config, attention, pooled, positions: TokenPositions.AfterPadding);
}
