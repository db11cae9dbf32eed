using System.Reflection;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Answering;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Windows, labels and answers against those of the question answering script of Hugging Face. The texts are not in the repository, and without them the rows are skipped.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenAnswers
{
    private static readonly string _folder = new[] { GoldenFolder.Path, Path.Combine(GoldenFolder.Shared, "golden") }
        .Select(root => Path.Combine(root, "trainer", "qa")).FirstOrDefault(Directory.Exists) ?? "";

    private static readonly Lazy<JsonElement> _all = new(() => GoldenFolder.ReadJson(Path.Combine(_folder, "qa.json.gz")).RootElement);

    public static IEnumerable<object[]> Rows => _folder.Length == 0 ? [[-1]] : Enumerable.Range(0, _all.Value.GetProperty("results").GetArrayLength()).Select(i => new object[] { i });

    public static string RowName(MethodInfo method, object[] row) => $"answers, settings {row[0]}";

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Answers_are_the_same(int row)
    {
        Require();
        var result = _all.Value.GetProperty("results")[row];
        var (differences, finder) = (new Differences(), new AnswerFinder
        {
            NBestSize = result.GetProperty("n_best_size").GetInt32(),
            MaxAnswerLength = result.GetProperty("max_answer_length").GetInt32(),
            AllowNoAnswer = result.GetProperty("version_2_with_negative").GetBoolean(),
            NullScoreDiffThreshold = result.GetProperty("null_score_diff_threshold").GetDouble(),
        });
        var answers = new Dictionary<string, string>();
        foreach (var (item, windows) in Items())
        {
            var id = item.GetProperty("id").GetString()!;
            var found = finder.Find(item.GetProperty("context").GetString()!, windows);
            answers[id] = found.Best?.Text ?? "";
            // The script has a text of its own where there is nothing to choose from.
            if (found.Best is null)
            {
                differences.Same($"{id}, answer", result.GetProperty("predictions").GetProperty(id).GetString(), "empty");
                continue;
            }
            differences.Same($"{id}, answer", result.GetProperty("predictions").GetProperty(id).GetString(), found.Best.Text);
            differences.Same($"{id}, candidates", result.GetProperty("nbest_count").GetProperty(id).GetInt32(), found.Candidates.Count);
            foreach (var (i, expected) in result.GetProperty("nbest_first_8").GetProperty(id).EnumerateArray().Index())
            {
                var candidate = found.Candidates[i];
                differences.Same($"{id}, text {i}", expected.GetProperty("text").GetString(), candidate.Text);
                differences.Number($"{id}, start {i}", expected.GetProperty("start_logit").GetDouble(), candidate.StartLogit, 1e-6);
                differences.Number($"{id}, end {i}", expected.GetProperty("end_logit").GetDouble(), candidate.EndLogit, 1e-6);
                differences.Number($"{id}, probability {i}", expected.GetProperty("probability").GetDouble(), candidate.Probability, 1e-5);
            }
            if (finder.AllowNoAnswer)
                differences.Number($"{id}, null odds", result.GetProperty("null_odds").GetProperty(id).GetDouble(), found.NullScoreDifference!.Value, 1e-5);
        }
        ITextMetric metric = finder.AllowNoAnswer ? new SquadV2Metric() : new SquadMetric();
        var scored = result.GetProperty("scored_ids").EnumerateArray().Select(id => id.GetString()).ToHashSet();
        foreach (var item in _all.Value.GetProperty("items").EnumerateArray().Where(item => scored.Contains(item.GetProperty("id").GetString())))
            metric.Add(answers[item.GetProperty("id").GetString()!], [.. Texts(item)]);
        foreach (var expected in result.GetProperty("metric").EnumerateObject())
            differences.Number(expected.Name, expected.Value.GetDouble(), metric.Compute()[expected.Name], 1e-9);
        differences.AssertNone();
    }

    [TestMethod]
    public void Windows_and_the_places_of_answers_are_the_same()
    {
        Require();
        var tokenizer = HfTokenizer.FromPretrained(Path.Combine(_folder, "tokenizer"));
        var (features, differences, at, none) = (_all.Value.GetProperty("features"), new Differences(), 0, new float[_all.Value.GetProperty("max_length").GetInt32()]);
        foreach (var item in _all.Value.GetProperty("items").EnumerateArray())
        {
            var pair = tokenizer.Encode(item.GetProperty("question").GetString()!.TrimStart(), item.GetProperty("context").GetString());
            var tokens = new TokenSequence(pair.Ids, pair.TypeIds, pair.AttentionMask)
            {
                SequenceIds = Array.ConvertAll(pair.SequenceIds, sequence => sequence ?? -1),
                Offsets = pair.Offsets.SelectMany(offset => new[] { offset.Start, offset.End }).ToArray(),
            };
            var place = Texts(item).FirstOrDefault() is { } text && item.GetProperty("answers").GetProperty("answer_start")[0].GetInt32() is var start
                ? AnswerPlace.Of(tokens, start, start + text.Length)!.Value
                : AnswerPlace.None;
            foreach (var window in TokenWindow.Cut(tokens, _all.Value.GetProperty("max_length").GetInt32(), _all.Value.GetProperty("doc_stride").GetInt32()))
            {
                var (feature, name) = (features[at], $"feature {at}");
                differences.Same($"{name}, item", feature.GetProperty("example_id").GetString(), item.GetProperty("id").GetString());
                differences.Same($"{name}, tokens", string.Join(' ', feature.GetProperty("input_ids").EnumerateArray()), string.Join(' ', window.Tokens.Ids.ToArray()));
                differences.Same($"{name}, offsets", string.Join(' ', Offsets(feature)), string.Join(' ', AnswerPlace.ToWindow(none, none, AnswerPlace.ContextOffsets(window.Tokens)).Offsets));
                differences.Same($"{name}, place", (feature.GetProperty("start_position").GetInt32(), feature.GetProperty("end_position").GetInt32()), place.In(window));
                at++;
            }
        }
        differences.Same("features", features.GetArrayLength(), at);
        differences.AssertNone();
    }

    private static IEnumerable<(JsonElement Item, AnswerWindow[] Windows)> Items()
    {
        var logits = GoldenTensor.ReadAll(Path.Combine(_folder, "logits.safetensors"));
        var (starts, ends) = (logits["start_logits"], logits["end_logits"]);
        var width = (int)starts.Shape[1];
        var windows = _all.Value.GetProperty("features").EnumerateArray().Select((feature, i) => (
            Id: feature.GetProperty("example_id").GetString(),
            Window: new AnswerWindow(starts.Values.AsMemory(i * width, width), ends.Values.AsMemory(i * width, width), Offsets(feature)))).ToLookup(window => window.Id, window => window.Window);
        return _all.Value.GetProperty("items").EnumerateArray().Select(item => (item, windows[item.GetProperty("id").GetString()].ToArray()));
    }

    private static (int Start, int End)?[] Offsets(JsonElement feature) =>
        [.. feature.GetProperty("offset_mapping").EnumerateArray().Select(offset => offset.ValueKind == JsonValueKind.Null ? ((int, int)?)null : (offset[0].GetInt32(), offset[1].GetInt32()))];

    private static IEnumerable<string> Texts(JsonElement item) => item.GetProperty("answers").GetProperty("text").EnumerateArray().Select(text => text.GetString()!);

    private static void Require()
    {
        if (_folder.Length == 0)
            Assert.Inconclusive("The texts of these answers are in the shared folder alone: set HFTRAINER_SHARED.");
    }
}
