namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Loads the SST-2 data sets that workloads refer to.</summary>
internal static class Sst2
{
    private const int SentencesPerReview = 24;

    public static Dataset Load(string name, string shared, HfTokenizer tokenizer, int limit, int maxLength)
    {
        var texts = name switch
        {
            "sst2" => Read(shared, "train.tsv"),
            "sst2-dev" => Read(shared, "dev.tsv"),
            "sst2-test" => Read(shared, "test.tsv"),
            // Sentences joined to about the length of a film review.
            "sst2-reviews" => Read(shared, "train.tsv").Chunk(SentencesPerReview).Select((chunk, i) => (Text: string.Join(' ', chunk.Select(c => c.Text)), Label: i % 2)),
            _ => throw new NotSupportedException($"The data set '{name}' is not supported."),
        };
        var options = new EncodeOptions { MaxLength = maxLength };
        return Dataset.From(texts.Take(limit).Select(t => new Example(tokenizer.Encode(t.Text, options: options)) { ["labels"] = t.Label }));
    }

    private static IEnumerable<(string Text, int Label)> Read(string shared, string file) =>
        File.ReadLines(Path.Combine(shared, "data", "sst2", file)).Select(line => (line[..line.LastIndexOf('\t')], int.Parse(line.AsSpan(line.LastIndexOf('\t') + 1))));
}
