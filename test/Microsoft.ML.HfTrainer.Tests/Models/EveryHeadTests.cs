using System.Reflection;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>What holds for every registered architecture and head: a row for each.</summary>
[TestClass]
public sealed class EveryHeadTests
{
    public static IEnumerable<object[]> Rows => SmallModels.Pairs.Select(pair => new object[] { pair.ModelType, pair.Head });

    public static IEnumerable<object[]> Types => SmallModels.Pairs.Select(pair => pair.ModelType).Distinct().Select(type => new object[] { type });

    public static string RowName(MethodInfo method, object[] row) => $"{method.Name}: {row[0]}, {row[1]}";

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Packed_batches_give_what_padded_ones_give(string modelType, ModelHead head) => Check(modelType, head, GoldenModels.ComparePacked);

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Files_are_the_same_after_loading_and_saving(string modelType, ModelHead head) => Check(modelType, head, GoldenModels.CompareFiles);

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_file_of_any_head_fills_what_it_has_of_the_body_of_any_other(string modelType)
    {
        using var folder = new TemporaryFolder();
        var heads = SmallModels.Pairs.Where(pair => pair.ModelType == modelType).Select(pair => pair.Head).ToList();
        foreach (var head in heads)
            SmallModels.Make(folder[head.ToString()], modelType, head);
        foreach (var source in heads)
        {
            using var owner = GoldenModel.Open(folder[source.ToString()], source, default);
            var given = Body(owner).named_parameters().Select(p => p.name).ToList();
            foreach (var head in heads)
            {
                using var weights = WeightFiles.Open(folder[source.ToString()]);
                using var model = ModelLoading.Load(PretrainedConfig.FromPretrained(folder[source.ToString()]), weights, new() { IgnoreMismatchedSizes = true }, head);
                var prefix = model.Architecture.PrefixOf(head) is { Length: > 0 } name ? name + "." : "";
                Assert.IsEmpty(model.LoadReport.Missing.Intersect(given.Select(weight => prefix + weight)).ToList(), $"{head} of a file of {source}");
            }
        }
    }

    [TestMethod]
    [DataRow("bart")]
    [DataRow("mbart")]
    [DataRow("marian")]
    [DataRow("pegasus")]
    public void A_decoder_of_a_whole_model_has_all_that_it_needs(string modelType)
    {
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, modelType, ModelHead.Seq2SeqLM);
        using var whole = GoldenModel.Open(folder.Path, ModelHead.Seq2SeqLM, default);
        using var decoder = GoldenModel.Open(folder.Path, ModelHead.CausalLM, default);
        Assert.IsEmpty(decoder.LoadReport.Missing);
        Assert.IsTrue(whole.InputEmbedding!.Weight.Parameter.Equals(decoder.InputEmbedding!.Weight.Parameter));
        Assert.IsTrue(decoder.LoadReport.Unexpected.All(name => name == "final_logits_bias" || name.StartsWith("model.encoder.", StringComparison.Ordinal)), decoder.LoadReport.ToString());
    }

    private static ModelBody Body(PretrainedModel model) => ((HeadedModel)model).Body;

    private static void Check(string modelType, ModelHead head, Action<ModelCase, PretrainedModel, Differences> compare)
    {
        using var folder = new TemporaryFolder();
        var made = SmallModels.Make(folder.Path, modelType, head);
        using var model = made.Open(default);
        var differences = new Differences();
        differences.Same("what loading found", "", model.LoadReport.ToString());
        compare(made, model, differences);
        differences.AssertNone();
    }
}
