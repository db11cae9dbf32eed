using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>
/// Sequences and scores of Hugging Face Transformers 5.24 for the settings that golden models do not cover, with eager attention and <c>torch.manual_seed(7)</c>. Eight new tokens for each of
/// two texts.
/// </summary>
[TestClass]
public class ReferenceTests
{
    private const string Causal = "gpt2.causal-lm", Seq2Seq = "t5.seq2seq-lm";

    [TestMethod]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 2.0, "top_k": 20 }""", "[[10,103,93,19,79,112,99,114],[86,67,112,93,103,42,19,114]]", "")]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 3.0, "top_k": 0, "top_p": 0.9, "num_return_sequences": 2 }""",
        "[[84,83,32,57,61,22,84,103],[12,91,62,7,52,1],[71,19,84,53,67,90,48,26],[4,66,42,114,20,16,17,60]]", "")]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 3.0, "top_k": 0, "min_p": 0.2 }""", "[[84,71,83,19,32,84,57,39],[80,67,91,15,62,42,58,114]]", "")]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 3.0, "top_k": 0, "typical_p": 0.5 }""", "[[84,71,83,117,32,84,57,53],[12,67,82,15,62,70,7,15]]", "")]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 3.0, "top_k": 0, "epsilon_cutoff": 0.02 }""", "[[43,43,103,103,103,103,42,42],[43,43,43,42,42,42,42,42]]", "")]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 3.0, "top_k": 0, "eta_cutoff": 0.1 }""", "[[84,71,83,19,32,84,57,39],[80,67,91,15,62,42,58,114]]", "")]
    [DataRow(Causal, """{ "do_sample": true, "temperature": 3.0, "num_beams": 3, "num_return_sequences": 2 }""",
        "[[84,118,7,85,93,54,99,42],[84,102,119,28,25,119,66,28],[30,42,36,36,42,113,109,77],[30,42,36,36,42,113,115,114]]", "[-1.38805, -1.41044, -1.31371, -1.3418]")]
    [DataRow(Causal, """{ "num_beams": 4, "num_return_sequences": 3, "length_penalty": -1.0, "early_stopping": "never", "repetition_penalty": 1.4, "no_repeat_ngram_size": 2 }""",
        "[[43,24,103,36,42,79,77,113],[43,24,103,36,42,79,113,77],[43,24,103,36,42,93,113,77],[4,24,43,103,42,8,36,77],[51,43,42,93,103,24,36,77],[4,24,43,103,42,8,36,66]]",
        "[-239.19952, -240.32909, -240.62762, -242.12079, -242.52789, -243.07028]")]
    [DataRow(Causal, """{ "num_beams": 3, "eos_token_id": [1, 67, 75], "pad_token_id": 3, "num_return_sequences": 3 }""",
        "[[93,93,93,42,42,42,42,42],[43,43,103,103,103,103,42,42],[93,93,93,93,93,93,93,42],[43,43,43,42,42,42,42,42],[43,43,43,24,42,42,42,42],[43,43,43,42,42,42,42,24]]",
        "[-3.57666, -3.60416, -3.62019, -3.58795, -3.61166, -3.63179]")]
    [DataRow(Causal, """{ "num_beams": 3, "eos_token_id": [1, 67, 75], "early_stopping": true, "num_return_sequences": 2 }""",
        "[[93,93,93,42,42,42,42,42],[43,43,103,103,103,103,42,42],[43,43,43,42,42,42,42,42],[43,43,43,24,42,42,42,42]]", "[-3.57666, -3.60416, -3.58795, -3.61166]")]
    [DataRow(Causal, """{ "repetition_penalty": 1.5, "suppress_tokens": [67], "begin_suppress_tokens": [75], "min_new_tokens": 4, "eos_token_id": [1, 75] }""",
        "[[43,8,103,24,42,36,36,54],[43,24,103,42,93,10,113,77]]", "", "[[0,0,1,1],[1,1,1,1]]")]
    [DataRow(Causal, """{ "bad_words_ids": [[67], [75, 75]], "sequence_bias": [[[5], 2.0]], "exponential_decay_length_penalty": [2, 1.5] }""", "[[5,5,5,5,5,5,5,1],[5,5,5,5,5,5,5,1]]", "")]
    [DataRow(Seq2Seq, """{ "num_beams": 3, "num_return_sequences": 2, "encoder_no_repeat_ngram_size": 1, "no_repeat_ngram_size": 2 }""",
        "[[53,53,34,34,83,83,119,119],[53,53,34,34,2,2,115,115],[17,17,75,75,41,41,48,48],[17,17,75,75,41,41,99,99]]", "[-2.55866, -2.6251, -2.11241, -2.23946]")]
    [DataRow(Seq2Seq, """{ "encoder_repetition_penalty": 1.5, "forced_bos_token_id": 9, "forced_eos_token_id": 1 }""", "[[9,1],[9,75,75,75,75,75,75,1]]", "")]
    [DataRow(Seq2Seq, """{ "do_sample": true, "temperature": 2.0, "renormalize_logits": true }""", "[[84,71,83,117,32,84,59,39],[12,32,54,57,62,43,7,114]]", "")]
    public void Sequences_are_those_of_Hugging_Face(string name, string settings, string tokens, string scores, string mask = "")
    {
        using var model = GoldenModel.Open(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", name), name == Causal ? ModelHead.CausalLM : ModelHead.Seq2SeqLM, AttentionImplementation.Eager);
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var config = GenerationConfig.Parse("case", Encoding.UTF8.GetBytes(settings));
        config.MaxNewTokens = 8;
        var (ids, given) = name == Causal ? ("[[5,9,30,44],[61,7,7,12]]", "[[1,1,1,1],[1,1,1,1]]") : ("[[15,33,1,0],[44,60,71,1]]", "[[1,1,1,0],[1,1,1,1]]");
        using Tensor prompts = Nested(ids), attention = Nested(mask.Length > 0 ? mask : given);
        var output = model.Generate(prompts, attention, config, new GenerationOptions { Generator = generator });
        Assert.AreEqual(tokens, $"[{string.Join(',', output.NewTokens.Select(row => $"[{string.Join(',', row)}]"))}]");
        if (scores.Length == 0)
            return;
        using var expected = JsonDocument.Parse(scores);
        foreach (var (should, found) in expected.RootElement.EnumerateArray().Zip(GoldenTensor.Of(output.SequenceScores!).Values))
            Assert.AreEqual(should.GetDouble(), found, 1e-4 * Math.Abs(should.GetDouble()));
    }

    private static Tensor Nested(string json)
    {
        using var document = JsonDocument.Parse(json);
        return GoldenTensor.FromJson(document.RootElement);
    }
}
