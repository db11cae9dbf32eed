using Microsoft.ML.HfTrainer.Tests.Models;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;

/// <summary>Texts about one of a few things: those of one thing have the same meaning.</summary>
internal sealed class Sentence
{
    private static readonly string[] _things = ["film", "book", "meal", "room", "shop", "phone", "soup", "bed"], _others = ["good", "bad", "very", "the", "is", "we", "love", "my"];

    public string Text { get; set; } = "";

    public string Second { get; set; } = "";

    public string Third { get; set; } = "";

    public float Score { get; set; }

    public string Topic { get; set; } = "";

    /// <summary>Rows whose second text has the thing of the first (score 1) or, each other row, another (score 0); the third text always has another.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="pairsBelong">true if second texts always have the thing of the first.</param>
    /// <param name="seed">The seed of the words.</param>
    public static List<Sentence> Some(int count, bool pairsBelong = false, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (thing, other) = (_things[i % 8], _things[(i + 1 + random.Next(7)) % 8]);
            var belong = pairsBelong || i % 2 == 0;
            return new Sentence { Text = Of(thing), Second = Of(belong ? thing : other), Third = Of(other), Score = belong ? 1 : 0, Topic = thing };
        })];

        string Of(string thing) => $"{_others[random.Next(8)]} {thing} {_others[random.Next(8)]}{(random.Next(2) == 0 ? "" : " " + _others[random.Next(8)])}";
    }

    /// <summary>Makes the folder of a tiny model one of sentence-transformers, with a dense layer of 6 outputs, prompts, a maximum length and letter case.</summary>
    public static void Describe(TinyModel model, int hidden)
    {
        SentenceFolder.Write(model.Folder, ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(hidden, "mean_tokens").Insert(1, "\"include_prompt\": false, ")), ("Dense", SentenceFolder.Dense(hidden, 6)), ("Normalize", ""));
        SentenceFolder.WriteDense(model["2_Dense"], hidden, 6);
        File.WriteAllText(model["sentence_bert_config.json"], """{ "max_seq_length": 9, "do_lower_case": true }""");
        File.WriteAllText(model["config_sentence_transformers.json"], """{ "prompts": { "query": "We ask: ", "passage": "the story: " }, "default_prompt_name": "query" }""");
    }
}

/// <summary>An embedding of a row.</summary>
internal sealed class Embedded
{
    public float[] Embedding { get; set; } = [];
}
