using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Batches of collators against those of the original.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenCollators
{
    private static readonly Lazy<JsonElement> _golden = new(() =>
    {
        var file = Path.Combine(GoldenFolder.Path, "trainer", "collators.json");
        using var document = File.Exists(file) ? GoldenFolder.ReadJson(file) : JsonDocument.Parse("{}");
        return document.RootElement.Clone();
    });

    public static IEnumerable<object[]> Rows => Read("cases").Select((c, index) => new object[] { index, c.GetProperty("collator").GetString()! });

    public static IEnumerable<object[]> DrawRows => Read("mlm_draws").Select((d, index) => new object[] { index, $"draws of case {d.GetProperty("case")}" });

    public static IEnumerable<object[]> WordRows => Read("whole_word").Select((_, index) => new object[] { index, "whole words" });

    public static string RowName(MethodInfo method, object[] row) => $"collator {row[0]}, {row[1]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/collators.json", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(int index, string name)
    {
        var golden = Read("cases")[index];
        if (!golden.TryGetProperty("error", out _))
        {
            using var actual = new CollatorCase(name, golden).Collate(golden.GetProperty("features"));
            CompareBatch(golden.GetProperty("batch"), actual);
            return;
        }
        try
        {
            new CollatorCase(name, golden).Collate(golden.GetProperty("features")).Dispose();
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidDataException)
        {
            return;
        }
        Assert.Fail($"expected {golden.GetProperty("error")}, but there is a batch");
    }

    [TestMethod]
    [DynamicData(nameof(DrawRows), DynamicDataDisplayName = nameof(RowName))]
    public void Masking_follows_its_draws(int index, string _)
    {
        var draws = Read("mlm_draws")[index];
        var golden = Read("cases")[draws.GetProperty("case").GetInt32()];
        using var batch = new CollatorCase(golden.GetProperty("collator").GetString()!, golden).Collate(golden.GetProperty("features"));
        using var unmasked = new CollatorCase("DataCollatorWithPadding", golden, withSettings: false).Collate(golden.GetProperty("features"));
        var (selected, replaced, random, words) = (Flags("selected"), Flags("replace_draw"), Flags("random_draw"), Numbers(draws, "random_words"));
        var ids = unmasked["input_ids"].data<long>().ToArray();
        var expected = ids.Select((id, i) => !selected[i] ? id : replaced[i] ? CollatorCase.MaskId : random.Length > 0 && random[i] ? words[i] : id);
        CollectionAssert.AreEqual(expected.ToArray(), batch["input_ids"].data<long>().ToArray());
        CollectionAssert.AreEqual(ids.Select((id, i) => selected[i] ? id : -100).ToArray(), batch[Batch.Labels].data<long>().ToArray());

        bool[] Flags(string name) => [.. Numbers(draws, name).Select(n => n != 0)];
    }

    [TestMethod]
    [DynamicData(nameof(WordRows), DynamicDataDisplayName = nameof(RowName))]
    public void Whole_words_agree(int index, string _)
    {
        var golden = Read("whole_word")[index];
        using var batch = new CollatorCase("DataCollatorForLanguageModeling", golden).Collate(golden.GetProperty("features"));
        CompareBatch(golden.GetProperty("batch"), batch);
    }

    [TestMethod]
    public void Shares_of_masked_tokens_are_those_expected()
    {
        if (!_golden.Value.TryGetProperty("mlm_statistics", out var golden))
            GoldenFolder.Skip("there are no statistics of masking");
        var (count, expected) = (golden.GetProperty("maskable_tokens").GetInt32(), golden.GetProperty("expected"));
        var share = expected.GetProperty("selected").GetDouble();
        using var collator = new DataCollatorForLanguageModeling(
            CollatorCase.Tokenizer(), mlmProbability: share, maskReplaceProb: expected.GetProperty("became_mask").GetDouble(), randomReplaceProb: expected.GetProperty("became_other").GetDouble(), seed: 20);
        int[] text = [.. Enumerable.Range(0, count).Select(i => 5 + i % 115)];
        using var batch = collator.Collate([text]);
        var (ids, labels, differences) = (batch["input_ids"].data<long>().ToArray(), batch[Batch.Labels].data<long>().ToArray(), new Differences());
        var selected = Enumerable.Range(0, count).Where(i => labels[i] != -100).ToList();
        Near("selected", share, selected.Count, count);
        Near("became_mask", expected.GetProperty("became_mask").GetDouble(), selected.Count(i => ids[i] == CollatorCase.MaskId), selected.Count);
        Near("unchanged", expected.GetProperty("unchanged").GetDouble(), selected.Count(i => ids[i] == labels[i]), selected.Count);
        Near("became_other", expected.GetProperty("became_other").GetDouble(), selected.Count(i => ids[i] != labels[i] && ids[i] != CollatorCase.MaskId), selected.Count);
        Assert.IsTrue(Enumerable.Range(0, count).All(i => labels[i] == -100 ? ids[i] == text[i] : labels[i] == text[i]));
        differences.AssertNone();

        void Near(string name, double probability, int found, int of) => differences.Number(name, probability * of, found, 4 * Math.Sqrt(of * probability * (1 - probability)));
    }

    private static List<JsonElement> Read(string property) => _golden.Value.TryGetProperty(property, out var list) ? [.. list.EnumerateArray()] : [];

    private static long[] Numbers(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var nested) || nested.ValueKind != JsonValueKind.Array)
            return [];
        using var numbers = GoldenTensor.FromJson(nested);
        return numbers.data<long>().ToArray();
    }

    private static void CompareBatch(JsonElement golden, Batch batch)
    {
        var (differences, expected) = (new Differences(), golden.EnumerateObject().Where(t => t.Value.ValueKind != JsonValueKind.Null).ToList());
        differences.Names("tensors", expected.Select(t => t.Name), batch.Keys);
        foreach (var (name, value) in expected.Where(t => batch.ContainsKey(t.Name)).Select(t => (t.Name, t.Value)))
        {
            using var scope = NewDisposeScope();
            var actual = batch[name];
            var tensor = value.ValueKind == JsonValueKind.Object;
            using var data = GoldenTensor.FromJson(tensor ? value.GetProperty("data") : value);
            if (tensor)
            {
                differences.Same($"type of {name}", value.GetProperty("dtype").GetString(), actual.dtype.ToString().ToLowerInvariant());
                differences.List($"shape of {name}", [.. value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())], actual.shape);
            }
            differences.List(name, data.to(ScalarType.Float64).data<double>().ToArray(), actual.to(ScalarType.Float64).data<double>().ToArray());
        }
        differences.AssertNone();
    }
}
