using System.Text;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Fields that a configuration omits have the defaults of Hugging Face's configuration class.</summary>
[TestClass]
public class ConfigDefaultsTests
{
    // Numbers of parameters of Hugging Face Transformers 5.24.
    [TestMethod]
    [DataRow("""{ "model_type": "llama", "hidden_size": 64, "intermediate_size": 128 }""", 3362880L)]
    [DataRow("""{ "model_type": "llama", "num_hidden_layers": 1 }""", 333459456L)]
    [DataRow("""{ "model_type": "mistral", "hidden_size": 64, "intermediate_size": 128 }""", 3166272L)]
    [DataRow("""{ "model_type": "mistral", "num_hidden_layers": 1 }""", 349188096L)]
    [DataRow("""{ "model_type": "qwen2", "hidden_size": 64, "intermediate_size": 128 }""", 11044928L)]
    [DataRow("""{ "model_type": "qwen2", "num_hidden_layers": 1 }""", 959995904L)]
    [DataRow("""{ "model_type": "qwen3", "hidden_size": 64, "intermediate_size": 128 }""", 44077120L)]
    [DataRow("""{ "model_type": "qwen3", "num_hidden_layers": 1 }""", 959983872L)]
    [DataRow("""{ "model_type": "phi3", "hidden_size": 64, "intermediate_size": 128 }""", 3366976L)]
    [DataRow("""{ "model_type": "phi3", "num_hidden_layers": 1 }""", 211756032L)]
    [DataRow("""{ "model_type": "gemma2", "hidden_size": 64, "intermediate_size": 128 }""", 27253312L)]
    [DataRow("""{ "model_type": "gemma2", "num_hidden_layers": 1 }""", 667692288L)]
    [DataRow("""{ "model_type": "gemma3_text", "hidden_size": 64, "intermediate_size": 128 }""", 27663936L)]
    [DataRow("""{ "model_type": "gemma3_text", "num_hidden_layers": 1 }""", 681996032L)]
    [DataRow("""{ "model_type": "gpt2", "n_embd": 48 }""", 2800848L)]
    [DataRow("""{ "model_type": "gpt2", "n_layer": 1 }""", 46473216L)]
    [DataRow("""{ "model_type": "gpt_neox", "hidden_size": 512, "intermediate_size": 128 }""", 77935104L)]
    [DataRow("""{ "model_type": "gpt_neox", "num_hidden_layers": 1 }""", 762931200L)]
    [DataRow("""{ "model_type": "opt", "hidden_size": 48, "ffn_dim": 96 }""", 2739072L)]
    [DataRow("""{ "model_type": "opt", "num_hidden_layers": 1 }""", 47272704L)]
    [DataRow("""{ "model_type": "bert", "hidden_size": 48, "intermediate_size": 64 }""", 1682448L)]
    [DataRow("""{ "model_type": "bert", "num_hidden_layers": 1 }""", 31515648L)]
    [DataRow("""{ "model_type": "roberta", "hidden_size": 48 }""", 6131424L)]
    [DataRow("""{ "model_type": "roberta", "num_hidden_layers": 1 }""", 46678272L)]
    [DataRow("""{ "model_type": "xlm-roberta", "num_hidden_layers": 1 }""", 31515648L)]
    [DataRow("""{ "model_type": "camembert", "num_hidden_layers": 1 }""", 31515648L)]
    [DataRow("""{ "model_type": "mpnet", "hidden_size": 48 }""", 5184288L)]
    [DataRow("""{ "model_type": "mpnet", "num_hidden_layers": 1 }""", 31518336L)]
    [DataRow("""{ "model_type": "albert", "hidden_size": 64 }""", 6048960L)]
    [DataRow("""{ "model_type": "albert", "num_hidden_layers": 1, "embedding_size": 64 }""", 220380416L)]
    [DataRow("""{ "model_type": "distilbert", "dim": 48 }""", 3335520L)]
    [DataRow("""{ "model_type": "distilbert", "n_layers": 1 }""", 30923520L)]
    [DataRow("""{ "model_type": "electra", "hidden_size": 48 }""", 5286768L)]
    [DataRow("""{ "model_type": "electra", "num_hidden_layers": 1 }""", 4795648L)]
    [DataRow("""{ "model_type": "deberta-v2", "hidden_size": 48 }""", 20708256L)]
    [DataRow("""{ "model_type": "deberta-v2", "num_hidden_layers": 1 }""", 225882624L)]
    [DataRow("""{ "model_type": "modernbert", "hidden_size": 48 }""", 6272112L)]
    [DataRow("""{ "model_type": "modernbert", "num_hidden_layers": 1 }""", 43698432L)]
    [DataRow("""{ "model_type": "t5", "d_model": 48 }""", 5672960L)]
    [DataRow("""{ "model_type": "t5", "num_layers": 1 }""", 23793664L)]
    [DataRow("""{ "model_type": "mt5", "d_model": 48 }""", 16136544L)]
    [DataRow("""{ "model_type": "mt5", "num_layers": 1 }""", 133566336L)]
    [DataRow("""{ "model_type": "bart", "d_model": 48 }""", 12392496L)]
    [DataRow("""{ "model_type": "bart", "encoder_layers": 1, "decoder_layers": 1 }""", 82969600L)]
    [DataRow("""{ "model_type": "mbart", "d_model": 48 }""", 12392688L)]
    [DataRow("""{ "model_type": "marian", "d_model": 48 }""", 12768240L)]
    [DataRow("""{ "model_type": "pegasus", "d_model": 48 }""", 12392304L)]
    [DataRow("""{ "model_type": "pegasus", "encoder_layers": 1 }""", 267728896L)]
    public void A_model_has_as_many_parameters_as_in_Hugging_Face(string json, long expected)
    {
        var config = Config(json);
        // The weights are not filled: most of the memory is never touched.
        using var model = Architecture.Registered[config.ModelType][ModelHead.Base](config, AttentionImplementation.Sdpa);
        Assert.AreEqual(expected, model.parameters().Sum(p => p.numel()));
    }

    [TestMethod]
    public void Gemma_has_its_own_number_and_size_of_heads()
    {
        using var model = AutoModel.FromConfig(Config("""{ "model_type": "gemma3_text", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 1, "vocab_size": 100 }"""));
        long[] Shape(string name) => model.named_parameters().Single(p => p.name == $"layers.0.self_attn.{name}.weight").parameter.shape;
        CollectionAssert.AreEqual(new long[] { 8 * 256, 64 }, Shape("q_proj"));
        CollectionAssert.AreEqual(new long[] { 4 * 256, 64 }, Shape("k_proj"));
        CollectionAssert.AreEqual(new long[] { 256 }, Shape("q_norm"));
        Assert.AreEqual(0, model.InputEmbedding!.Weight.Parameter[0].abs().sum().item<float>(), "the default pad_token_id is 0");
    }

    // Of both names the common one counts, whichever comes first.
    [TestMethod]
    [DataRow("""{ "model_type": "distilbert", "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "hidden_dim": 64, "vocab_size": 50 }""", 58784L)]
    [DataRow("""{ "model_type": "gpt2", "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 32, "vocab_size": 50 }""", 60576L)]
    [DataRow("""{ "model_type": "gpt2", "hidden_size": 96, "n_embd": 48, "n_layer": 2, "n_head": 4, "n_positions": 32, "vocab_size": 50 }""", 231744L)]
    [DataRow("""{ "model_type": "bart", "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 50, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32 }""", 393664L)]
    [DataRow("""{ "model_type": "t5", "hidden_size": 48, "num_layers": 2, "num_attention_heads": 4, "head_dim": 8, "d_ff": 64, "vocab_size": 50 }""", 64672L)]
    public void Common_names_of_fields_are_known(string json, long expected) => A_model_has_as_many_parameters_as_in_Hugging_Face(json, expected);

    [TestMethod]
    [DataRow("gemma2", true)]
    [DataRow("llama", false)]
    public void The_input_embedding_is_tied_by_default_where_it_is_in_Hugging_Face(string type, bool tied)
    {
        using var model = AutoModelForCausalLM.FromConfig(Config($$"""{ "model_type": "{{type}}", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 1, "vocab_size": 100 }"""));
        Assert.AreEqual(tied, model.named_parameters().All(p => p.name != "lm_head.weight"));
    }

    [TestMethod]
    public void A_field_that_is_null_stays_null_and_defaults_are_not_saved()
    {
        var config = Config("""{ "model_type": "mistral", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 1, "vocab_size": 100, "num_key_value_heads": null }""");
        using var model = AutoModel.FromConfig(config);
        CollectionAssert.AreEqual(new long[] { 64, 64 }, model.named_parameters().Single(p => p.name == "layers.0.self_attn.k_proj.weight").parameter.shape);
        Assert.DoesNotContain("sliding_window", Encoding.UTF8.GetString(model.Config.ToJson()));
    }

    [TestMethod]
    [DataRow("bart", "pad_token_id", 1)]
    [DataRow("bart", "decoder_start_token_id", 2)]
    [DataRow("mbart", "decoder_start_token_id", null)]
    [DataRow("marian", "pad_token_id", 58100)]
    [DataRow("mt5", "decoder_start_token_id", 0)]
    [DataRow("opt", "pad_token_id", 1)]
    [DataRow("bert", "max_position_embeddings", 512)]
    public void A_configuration_reads_as_if_it_had_the_defaults(string type, string field, int? expected)
    {
        var config = Config($$"""{ "model_type": "{{type}}" }""");
        Assert.AreEqual(expected, config.Has(field) ? config.GetInt(field) : null);
        config.Set(field, null);
        Assert.IsFalse(config.Has(field));
    }

    private static PretrainedConfig Config(string json) => PretrainedConfig.Parse("config.json", Encoding.UTF8.GetBytes(json));
}
