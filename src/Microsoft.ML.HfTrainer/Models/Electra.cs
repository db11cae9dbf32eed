using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// ELECTRA (Clark et al. 2020, arXiv:2003.10555): BERT's encoder with an embedding size of its own and without a pooler. The discriminator is fine-tuned;
/// the masked language model is the generator.
/// </summary>
internal static class Electra
{
    public static readonly Architecture Registration = new Architecture("electra", basePrefix: "electra") 
    {
        ClassName = "Electra",
        Defaults = """
            {
              "vocab_size": 30522, "embedding_size": 128, "hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 12, "num_attention_heads": 4,
              "max_position_embeddings": 512
            }
            """,
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.FirstToken, new ClassifierShape
        {
            Dense = "classifier.dense",
            Activation = Activation.Gelu,
            Output = "classifier.out_proj",
            InputDropout = Bert.ClassifierDropout(config),
            Dropout = Bert.ClassifierDropout(config),
        }))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new ClassifierShape { Dropout = Bert.ClassifierDropout(config) }))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear)
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.FirstToken, Summary(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(Predictions(config)))
        .With(ModelHead.CausalLM, Body, config => new MaskedLanguageModelHead(Predictions(config) with { PredictsNext = true }));

    private static MaskedLanguageModelShape Predictions(PretrainedConfig config) => new()
    {
        Dense = "generator_predictions.dense",
        Activation = Activation.Gelu,
        Norm = "generator_predictions.LayerNorm",
        Epsilon = config.GetDouble("layer_norm_eps", 1e-12),
        Decoder = "generator_lm_head",
    };

    private static ClassifierShape Summary(PretrainedConfig config)
    {
        if (config.GetString("summary_type", "first") is var type and not "first")
            throw config.Error("summary_type", $"is \"{type}\"", "\"first\"; other summaries of a text are not supported");
        return new ClassifierShape
        {
            Dense = config.GetBool("summary_use_proj", true) ? "sequence_summary.summary" : null,
            Activation = Activation.FromConfig(config, "summary_activation", "gelu"),
            ActivationName = "sequence_summary.activation",
            InputDropout = config.GetProbability("summary_first_dropout", 0),
            Dropout = config.GetProbability("summary_last_dropout", 0.1),
        };
    }

    private static BertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) =>
        new(config, attention, pooled: false, embeddingSize: config.GetSize("embedding_size"));
}
