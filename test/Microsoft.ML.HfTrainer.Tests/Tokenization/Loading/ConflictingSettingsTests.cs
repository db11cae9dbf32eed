using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

[TestClass]
public sealed class ConflictingSettingsTests
{
    private const string Sequence = """{ "type": "Sequence", "normalizers": [ { "type": "NFKD" }, { "type": "Sequence", "normalizers": [ { "type": "Lowercase" } ] } ] }""";

    [TestMethod]
    [DataRow("{ \"do_lower_case\": false }", null, "do_lower_case = false")]
    [DataRow("{ \"strip_accents\": false }", null, "strip_accents = false")]
    [DataRow("{ \"tokenize_chinese_chars\": false }", null, "tokenize_chinese_chars = false")]
    [DataRow("{ \"do_lower_case\": false }", Sequence, "do_lower_case = false")]
    [DataRow("{ \"do_lower_case\": true }", "{ \"type\": \"NFC\" }", "do_lower_case = true")]
    public void A_setting_that_the_tokenizer_contradicts_is_told(string configuration, string? normalizer, string told)
    {
        var warning = Load(configuration, normalizer).Warnings.Single();
        Assert.Contains(told, warning);
        Assert.Contains("'tiny'", warning);
    }

    [TestMethod]
    [DataRow("{ \"do_lower_case\": true, \"strip_accents\": null, \"tokenize_chinese_chars\": true }", null)]
    [DataRow("{ \"do_lower_case\": true, \"strip_accents\": true }", Sequence)]
    [DataRow("{ \"do_lower_case\": \"no\" }", null)]
    [DataRow("{}", null)]
    public void Settings_that_agree_or_say_nothing_are_not(string configuration, string? normalizer) => Assert.IsEmpty(Load(configuration, normalizer).Warnings);

    [TestMethod]
    public void The_pipeline_logs_it_and_follows_the_tokenizer()
    {
        using var model = new TinyModel();
        File.Delete(model["vocab.txt"]);
        foreach (var (name, content) in TinyTokenizer.Files(configuration: """{ "do_lower_case": false }"""))
            File.WriteAllBytes(model[name], content);
        var ml = new MLContext(seed: 1);
        var lines = new List<string>();
        ml.Log += (_, line) => lines.Add(line.Message);
        var tokens = ml.Transforms.Text.TokenizeHf(model: model.Folder).Fit(ml.Data.LoadFromEnumerable(Review.Some())).Tokenizer.Encode("The SEA").Tokens;
        CollectionAssert.AreEqual(new[] { "[CLS]", "the", "sea", "[SEP]" }, tokens.ToArray());
        Assert.ContainsSingle(lines.Where(line => line.Contains("do_lower_case", StringComparison.Ordinal)));
    }

    private static HfTokenizer Load(string configuration, string? normalizer) => TinyTokenizer.Load(
        json => json["normalizer"] = normalizer is null ? json["normalizer"]!.DeepClone() : JsonNode.Parse(normalizer), configuration);
}
