using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using NativeTokenizer = Tokenizers.DotNet.Tokenizer;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Compares encoding with the native Hugging Face tokenizers on one thread, alternating in the same process, and a batch on two threads with one.</summary>
internal static class TokenizeRun
{
    private const int DocumentLength = 10 * 1024, BatchRepeats = 5, SpinSteps = 200_000_000;

    // One or more of each model: WordPiece, byte-level BPE, Unigram.
    private static readonly string[] Names = ["bert-uncased-real", "gpt2", "roberta", "llama3", "qwen2", "t5", "xlm-roberta"];

    public static string Run(string shared, int rounds)
    {
        string[] sentences = [.. File.ReadLines(Path.Combine(shared, "data", "sst2", "train.tsv")).Select(line => line[..line.LastIndexOf('\t')])];
        (string Name, string[] Texts)[] data = [("sst2", sentences), ("10 KB", Documents(sentences))];
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("benchmark", "tokenize");
            writer.WriteNumber("rounds", rounds);
            // The speed-up that two threads of the machine currently give at best: an upper limit for two_threads of a tokenizer.
            writer.WriteNumber("two_idle_threads", Math.Round(Median([.. Enumerable.Range(0, rounds).Select(_ => Spin(1) / Spin(2))]), 2));
            writer.WriteStartArray("results");
            foreach (var name in Names)
            {
                using var pair = TokenizerPair.Load(Path.Combine(shared, "golden", "tokenizers", name));
                foreach (var (set, texts) in data)
                    Report(writer, name, set, texts, Compare(pair, texts, rounds));
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string[] Documents(string[] sentences)
    {
        var perDocument = (int)(DocumentLength / sentences.Average(sentence => sentence.Length + 1));
        return [.. sentences.Chunk(perDocument).Where(chunk => chunk.Length == perDocument).Select(chunk => string.Join(' ', chunk))];
    }

    private static Times Compare(TokenizerPair pair, string[] texts, int rounds)
    {
        var times = new Times();
        // Long enough that the cost of starting a thread is negligible.
        string[] batch = [.. Enumerable.Repeat(texts, BatchRepeats).SelectMany(list => list)];
        // The first rounds are a warm-up: they compile the code and fill the word caches of both sides.
        for (var round = -2; round < rounds; round++)
        {
            var own = Seconds(() => pair.EncodeOwn(texts));
            var native = Seconds(() => pair.EncodeNative(texts));
            var one = Seconds(() => pair.EncodeBatch(batch, 1));
            var two = Seconds(() => pair.EncodeBatch(batch, 2));
            if (round >= 0)
                times.Add(own, native, one / two);
        }
        return times with { Differing = texts.Count(text => !pair.Agrees(text)) };
    }

    private static double Seconds(Action work)
    {
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Spin(int threads) => Seconds(() => Parallel.For(0, threads, _ =>
    {
        for (var (i, state) = (0, 1u); i < SpinSteps / threads && state != 0; i++)
            state = (state * 1664525) | 1;
    }));

    private static void Report(Utf8JsonWriter writer, string tokenizer, string data, string[] texts, Times times)
    {
        writer.WriteStartObject();
        writer.WriteString("tokenizer", tokenizer);
        writer.WriteString("data", data);
        writer.WriteNumber("texts", texts.Length);
        writer.WriteNumber("differing", times.Differing);
        writer.WriteNumber("texts_per_second", Math.Round(texts.Length / Median(times.Own)));
        writer.WriteNumber("native_texts_per_second", Math.Round(texts.Length / Median(times.Native)));
        writer.WriteNumber("ratio", Math.Round(Median([.. times.Native.Zip(times.Own, (native, own) => native / own)]), 2));
        writer.WriteNumber("two_threads", Math.Round(Median(times.TwoThreads), 2));
        writer.WriteEndObject();
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;
    }

    private sealed record Times
    {
        public List<double> Own { get; } = [];

        public List<double> Native { get; } = [];

        public List<double> TwoThreads { get; } = [];

        public int Differing { get; init; }

        public void Add(double own, double native, double twoThreads)
        {
            Own.Add(own);
            Native.Add(native);
            TwoThreads.Add(twoThreads);
        }
    }

    /// <summary>A tokenizer.json loaded by this library and by the native one.</summary>
    private sealed class TokenizerPair(HfTokenizer own, NativeTokenizer native) : IDisposable
    {
        public static TokenizerPair Load(string folder)
        {
            // The native tokenizer applies the truncation and padding of the file, so it gets a copy without them.
            var json = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")))!;
            (json["truncation"], json["padding"]) = (null, null);
            var copy = Path.GetTempFileName();
            try
            {
                File.WriteAllText(copy, json.ToJsonString());
                return new TokenizerPair(HfTokenizer.FromPretrained(folder), new NativeTokenizer(copy));
            }
            finally
            {
                File.Delete(copy);
            }
        }

        public void EncodeOwn(string[] texts)
        {
            foreach (var text in texts)
                own.Encode(text);
        }

        public void EncodeNative(string[] texts)
        {
            foreach (var text in texts)
                native.Encode(text);
        }

        public void EncodeBatch(string[] texts, int threads) => own.EncodeBatch(texts, options: new() { MaxDegreeOfParallelism = threads });

        public bool Agrees(string text) => own.Encode(text).Ids.AsSpan().SequenceEqual(Array.ConvertAll(native.Encode(text), id => (int)id));

        public void Dispose() => native.Dispose();
    }
}
