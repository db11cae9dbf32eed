using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Estimators;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>The example WebApi, as a process that serves a model over loopback.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class WebApiTests
{
    private static readonly string _program = Path.Combine(Repository.Root, "examples", "WebApi", "bin", Repository.Configuration, "net10.0", "WebApi.dll");

    [TestMethod]
    public async Task Requests_of_many_clients_are_answered_each_with_its_own()
    {
        using var folder = new TinyModel();
        var (rows, ml) = (Review.Some(64).ConvertAll(row => new Row { Text = row.Text!, Label = row.Label == "positive" ? "1" : "0" }), new MLContext(seed: 1));
        var data = ml.Data.LoadFromEnumerable(rows);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.TokenizeHf(model: folder.Folder))
            .Append(ml.HfTrainer.SequenceClassification(maxEpochs: 1))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Sentiment", "PredictedLabel"))
            .Fit(data);
        using var owned = (IDisposable)model;
        ml.Model.Save(model, data.Schema, folder["sentiment.zip"]);
        var expected = ml.Data.CreateEnumerable<Output>(model.Transform(data), reuseRowObject: false).ToList();

        using var process = Process.Start(new ProcessStartInfo("dotnet", [_program, "--Model", folder["sentiment.zip"], "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(await AddressAsync(process)) };
            Assert.AreEqual("Healthy", await client.GetStringAsync("health"));
            var answers = await Task.WhenAll(rows.Select(async row => await (await client.PostAsJsonAsync("sentiment", new { text = row.Text })).Content.ReadFromJsonAsync<Answer>()));
            foreach (var (answer, output) in answers.Zip(expected))
            {
                Assert.AreEqual(output.Sentiment == "1" ? "positive" : "negative", answer!.Sentiment);
                Assert.AreEqual(output.Score.Max(), answer.Probability, 1e-5);
            }
            using var refused = await client.PostAsJsonAsync("sentiment", new { text = " " });
            Assert.AreEqual(HttpStatusCode.BadRequest, refused.StatusCode);
            StringAssert.Contains(await refused.Content.ReadAsStringAsync(), "missing or empty");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [TestMethod]
    public void Without_a_model_it_says_how_to_train_one()
    {
        var result = Packaging.CommandLine.DotNet(Path.GetTempPath(), new Dictionary<string, string?>(), _program, "--Model", "nowhere.zip");
        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Contains(result.Error, "examples/SentimentAnalysis");
    }

    [TestMethod]
    public void The_model_is_looked_for_where_the_service_is_run()
    {
        using var folder = new TemporaryFolder();
        var project = Path.Combine(Repository.Root, "examples", "WebApi");
        var result = Packaging.CommandLine.DotNet(folder.Path, new Dictionary<string, string?>(), "run", "--no-build", "-c", Repository.Configuration, "--project", project);
        StringAssert.Contains(result.Error, folder["sentiment.zip"]);
    }

    private static async Task<string> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (Regex.Match(line, @"listening on: (http://\S+)") is { Success: true } match)
                return match.Groups[1].Value;
        throw new InvalidOperationException("The service ended before it listened.");
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Output
    {
        public string Sentiment { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed record Answer(string Sentiment, float Probability);
}
