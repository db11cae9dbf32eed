using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A folder with a small model of random weights and a tokenizer that takes each word for a token.</summary>
internal sealed class TinyLanguageModel : IDisposable
{
    /// <summary>The words that a tokenizer has without being told.</summary>
    public const string Pad = "<pad>", End = "</s>", Unknown = "<unk>", Mask = "<mask>";

    /// <summary>A chat template that marks no answers, as most do not.</summary>
    public const string ChatTemplate = "{% for message in messages %}<|{{ message['role'] }}|> {{ message['content'] }} </s> {% endfor %}{% if add_generation_prompt %}<|assistant|> {% endif %}";

    private TinyLanguageModel(string words, bool endsTexts, string? language = null)
    {
        string[] specials = [Pad, End, Unknown, Mask, "<|system|>", "<|user|>", "<|assistant|>", .. language is null ? Array.Empty<string>() : ["xx_XX", "yy_YY"]];
        string[] all = [.. specials, .. words.Split(' ').Distinct()];
        Folder = Directory.CreateTempSubdirectory("hftrainer-tiny-").FullName;
        File.WriteAllText(this["tokenizer.json"], new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. specials.Select((token, id) => Added(token, id))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "WhitespaceSplit" },
            ["post_processor"] = Template([.. language is null ? [] : new[] { language }, "A", .. endsTexts ? [End] : Array.Empty<string>()], all),
            ["decoder"] = null,
            ["model"] = new JsonObject { ["type"] = "WordLevel", ["vocab"] = new JsonObject([.. all.Select((word, id) => KeyValuePair.Create(word, (JsonNode?)id))]), ["unk_token"] = Unknown },
        }.ToJsonString());
        File.WriteAllText(this["tokenizer_config.json"], new JsonObject
        {
            ["tokenizer_class"] = language is null ? "PreTrainedTokenizerFast" : "NllbTokenizer",
            ["pad_token"] = Pad,
            ["eos_token"] = End,
            ["unk_token"] = Unknown,
            ["mask_token"] = Mask,
            ["model_max_length"] = 48,
            ["chat_template"] = ChatTemplate,
        }.ToJsonString());
        Vocabulary = Tokenizer.VocabularySize;
    }

    public string Folder { get; }

    public int Vocabulary { get; }

    public string this[string file] => Path.Combine(Folder, file);

    public HfTokenizer Tokenizer => HfTokenizer.FromPretrained(Folder);

    /// <summary>A T5, or with <paramref name="positions"/> a Marian model, whose targets end with the end-of-sequence token.</summary>
    public static TinyLanguageModel EncoderDecoder(string words, int? positions = null, string? language = null) => new TinyLanguageModel(words, endsTexts: true, language).With(
        config => AutoModelForSeq2SeqLM.FromConfig(config),
        positions is null
            ? """ "model_type": "t5", "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 1, "num_heads": 4, "dropout_rate": 0.0, "decoder_start_token_id": 0, """
            : $$""" "model_type": "marian", "d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 4, "decoder_attention_heads": 4, """
                + $$""" "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "dropout": 0.0, "max_position_embeddings": {{positions}}, "decoder_start_token_id": 0, """);

    /// <summary>A GPT-2 with 48 positions.</summary>
    public static TinyLanguageModel Causal(string words) => new TinyLanguageModel(words, endsTexts: false).With(
        config => AutoModelForCausalLM.FromConfig(config),
        """ "model_type": "gpt2", "n_positions": 48, "n_embd": 32, "n_layer": 1, "n_head": 4, "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, """);

    /// <summary>A BERT with 48 positions and a head that fills masks.</summary>
    public static TinyLanguageModel Encoder(string words) => new TinyLanguageModel(words, endsTexts: true).With(
        config => AutoModelForMaskedLM.FromConfig(config),
        """ "model_type": "bert", "max_position_embeddings": 48, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 64, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, """);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private TinyLanguageModel With(Func<PretrainedConfig, PretrainedModel> create, string fields)
    {
        TorchSharp.torch.random.manual_seed(7);
        using var model = create(PretrainedConfig.Parse("tiny", Encoding.UTF8.GetBytes($$"""{ {{fields}} "vocab_size": {{Vocabulary}}, "pad_token_id": 0, "eos_token_id": 1 }""")));
        model.SavePretrained(Folder);
        return this;
    }

    private static JsonNode Added(string token, int id) => new JsonObject
    {
        ["id"] = id, ["content"] = token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
    };

    private static JsonNode Template(string[] parts, string[] all)
    {
        JsonArray Pieces(string sequence) => new([.. parts.Select(part => (JsonNode)(part == "A"
            ? new JsonObject { ["Sequence"] = new JsonObject { ["id"] = sequence, ["type_id"] = 0 } }
            : new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = part, ["type_id"] = 0 } }))]);
        var pair = Pieces("A");
        foreach (var piece in Pieces("B"))
            pair.Add(piece!.DeepClone());
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = Pieces("A"),
            ["pair"] = pair,
            ["special_tokens"] = new JsonObject([.. parts.Where(part => part != "A").Select(part => KeyValuePair.Create(
                part, (JsonNode?)new JsonObject { ["id"] = part, ["ids"] = new JsonArray(Array.IndexOf(all, part)), ["tokens"] = new JsonArray(part) }))]),
        };
    }
}
