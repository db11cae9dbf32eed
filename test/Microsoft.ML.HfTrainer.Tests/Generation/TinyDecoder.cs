using System.Text;
using Microsoft.ML.HfTrainer.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>Small GPT-2 models with random weights, and what makes them generate given tokens.</summary>
internal static class TinyDecoder
{
    /// <summary>A model whose probabilities differ widely from token to token.</summary>
    public static PretrainedModel Model(int vocabulary = 11, int positions = 64, int end = 0)
    {
        random.manual_seed(5);
        return AutoModelForCausalLM.FromConfig(PretrainedConfig.Parse("tiny", Encoding.UTF8.GetBytes($$"""
            { "model_type": "gpt2", "vocab_size": {{vocabulary}}, "n_positions": {{positions}}, "n_embd": 16, "n_layer": 2, "n_head": 2, "initializer_range": 0.6, "eos_token_id": {{end}} }
            """)));
    }

    /// <summary>A tokenizer of the fixtures, by its folder.</summary>
    public static HfTokenizer Tokenizer(string name = "own-llama3") => HfTokenizer.FromPretrained(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "tokenizers", name));

    /// <summary>A model for the tokens of a tokenizer.</summary>
    public static PretrainedModel For(HfTokenizer tokenizer) => Model(tokenizer.VocabularySize, positions: 256, end: tokenizer.VocabularySize - 1);

    /// <summary>Token ids as a batch of one row or several.</summary>
    public static Tensor Ids(params long[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    /// <summary>The rows of sequences as texts.</summary>
    public static string[] Rows(Tensor sequences) => [.. GoldenTensor.Of(sequences).Values.Chunk((int)sequences.shape[1]).Select(row => string.Join(' ', row))];
}

/// <summary>Makes a model generate given tokens.</summary>
internal sealed class Scripted(IReadOnlyList<int> tokens) : LogitsProcessor
{
    private int _next;

    public override Tensor Process(Tensor ids, Tensor scores)
    {
        var forced = full_like(scores, float.NegativeInfinity);
        forced.select(1, tokens[_next++]).fill_(0);
        return forced;
    }
}
