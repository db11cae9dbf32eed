using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Times requests to the example WebApi: one at a time, and three rounds from 32 clients, with every answer checked.</summary>
internal static class ServeRun
{
    private const int Clients = 32, Rounds = 3, Alone = 200;

    public static async Task<string> RunAsync(string shared, int requests)
    {
        var texts = File.ReadLines(Path.Combine(shared, "data", "sst2", "train.tsv")).Take(requests).Select(line => line[..line.LastIndexOf('\t')]).ToList();
        var folder = Directory.CreateTempSubdirectory("hftrainer-serve-").FullName;
        try
        {
            var model = Path.Combine(folder, "sentiment.zip");
            var expected = Train(Path.Combine(shared, "models", "minilm-l6"), texts, model);
            using var server = Server.Start(model);
            using var client = new HttpClient { BaseAddress = await server.Address };
            // The first requests compile the code.
            await SendAsync(client, texts[..Math.Min(64, texts.Count)], expected, clients: 4);
            var alone = await SendAsync(client, texts[..Math.Min(Alone, texts.Count)], expected, clients: 1);
            var rounds = new List<(double Seconds, long Memory)>();
            for (var round = 0; round < Rounds; round++)
                rounds.Add((await SendAsync(client, texts, expected, Clients), server.Memory));
            return Report(texts.Count, Math.Min(Alone, texts.Count) / alone, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<float> Train(string encoder, List<string> texts, string path)
    {
        var mlContext = new MLContext(seed: 42);
        var rows = mlContext.Data.LoadFromEnumerable(texts.Select((text, i) => new Row { Text = text, Label = $"{i % 2}" }));
        using var chain = mlContext.Transforms.Conversion.MapValueToKey(nameof(Row.Label))
            .Append(mlContext.Transforms.Text.TokenizeHf(nameof(Row.Text), model: encoder))
            .Append(mlContext.HfTrainer.SequenceClassification(new SequenceClassificationOptions { Arguments = new TrainingArguments { MaxSteps = 1 } }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Sentiment", "PredictedLabel"))
            .Fit(rows);
        mlContext.Model.Save(chain, rows.Schema, path);
        return [.. mlContext.Data.CreateEnumerable<Prediction>(chain.Transform(rows), reuseRowObject: false).Select(row => row.Score.Max())];
    }

    private static async Task<double> SendAsync(HttpClient client, IReadOnlyList<string> texts, List<float> expected, int clients)
    {
        var (start, next) = (Stopwatch.GetTimestamp(), -1);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < texts.Count)
            {
                using var response = (await client.PostAsJsonAsync("sentiment", new { text = texts[i] })).EnsureSuccessStatusCode();
                var answer = await response.Content.ReadFromJsonAsync<Answer>();
                if (Math.Abs(answer!.Probability - expected[i]) > 1e-4)
                    throw new InvalidDataException($"The answer to \"{texts[i]}\" is {answer.Probability}; it should be {expected[i]}.");
            }
        })));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Report(int requests, double alone, List<(double Seconds, long Memory)> rounds)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("benchmark", "serve");
            writer.WriteNumber("requests", requests);
            writer.WriteNumber("one_at_a_time_per_second", Math.Round(alone, 1));
            writer.WriteStartArray("rounds");
            foreach (var (seconds, memory) in rounds)
            {
                writer.WriteStartObject();
                writer.WriteNumber("per_second", Math.Round(requests / seconds, 1));
                writer.WriteNumber("ratio", Math.Round(requests / seconds / alone, 2));
                writer.WriteNumber("memory_mb", memory >> 20);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }

    private sealed record Answer(string Sentiment, float Probability);

    // The example, built in the same configuration as this program.
    private sealed class Server : IDisposable
    {
        private readonly Process _process;
        private readonly TaskCompletionSource<Uri> _address = new();

        private Server(Process process) => _process = process;

        public Task<Uri> Address => _address.Task;

        public long Memory
        {
            get
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
        }

        public static Server Start(string model)
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var program = Path.Combine(output.FullName, "../../../../examples/WebApi/bin", output.Parent!.Name, output.Name, "WebApi.dll");
            if (!File.Exists(program))
                throw new FileNotFoundException($"There is no {Path.GetFullPath(program)}; build examples/WebApi in the same configuration.");
            var start = new ProcessStartInfo("dotnet", [program, "--Model", model, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.AspNetCore", "Warning"]) { RedirectStandardOutput = true };
            var server = new Server(Process.Start(start)!);
            server._process.OutputDataReceived += (_, line) =>
            {
                if (line.Data is null)
                    server._address.TrySetException(new InvalidDataException("The server has ended."));
                else if (Regex.Match(line.Data, "listening on: (http://\\S+)") is { Success: true } match)
                    server._address.TrySetResult(new Uri(match.Groups[1].Value));
            };
            server._process.BeginOutputReadLine();
            return server;
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
