namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>The sentences of SST-2 as workloads name them.</summary>
internal static class Sst2
{
    private const int SentencesAReview = 24;

    public static Dataset Load(string name, string shared, HfTokenizer tokenizer, int limit, int maxLength)
    {
        var texts = name switch
        {
            "sst2" => Read(shared, "train.tsv"),
            "sst2-dev" => Read(shared, "dev.tsv"),
            "sst2-test" => Read(shared, "test.tsv"),
            // About the length of a film review.
            "sst2-reviews" => Read(shared, "train.tsv").Chunk(SentencesAReview).Select((chunk, i) => (Text: string.Join(' ', chunk.Select(c => c.Text)), Label: i % 2)),
            _ => throw new NotSupportedException($"The data '{name}' is not there yet."),
        };
        var options = new EncodeOptions { MaxLength = maxLength };
        return Dataset.From(texts.Take(limit).Select(t => new Example(tokenizer.Encode(t.Text, options: options)) { ["labels"] = t.Label }));
    }

    private static IEnumerable<(string Text, int Label)> Read(string shared, string file) =>
        File.ReadLines(Path.Combine(shared, "data", "sst2", file)).Select(line => (line[..line.LastIndexOf('\t')], int.Parse(line.AsSpan(line.LastIndexOf('\t') + 1))));
}
