using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Tests.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Estimators;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Pipelines give the tokens of every golden tokenizer, before they are saved and after they are loaded; that the tokens are right is <see cref="GoldenTokenizers"/>' part.</summary>
[TestClass]
[TestCategory("GoldenTokenizers")]
public sealed class GoldenTokenColumns
{
    private const string Suite = "tokenizers", CaseFile = "cases.json.gz";

    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Folders => Tokenizers.Select(folder => new object[] { Path.GetFileName(folder) });

    // What has no meta.json is no tokenizer: the chat templates.
    private static IEnumerable<string> Tokenizers => GoldenFolder.Cases(Suite, CaseFile).Where(folder => File.Exists(Path.Combine(folder, "meta.json")));

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void ColumnsHoldTheTokens(string name)
    {
        var folder = Path.Combine(GoldenFolder.Path, Suite, name);
        if (Missing(folder) is { } missing)
            GoldenFolder.Skip(missing);
        var (tokenizer, cases, kinds) = (HfTokenizer.FromPretrained(folder), new TokenizerCases(folder, CaseFile), 0);
        foreach (var kind in new[] { "text", "pair", "words", "word_pair" })
        {
            var inputs = cases.InputsOf(kind).ToList();
            if (inputs.Count == 0)
                continue;
            kinds++;
            var pair = inputs[0].Second is null ? null : "Second";
            var data = inputs[0].First is string
                ? _ml.Data.LoadFromEnumerable(inputs.Select(input => new Texts { First = (string)input.First, Second = (string?)input.Second }))
                : _ml.Data.LoadFromEnumerable(inputs.Select(input => new Words { First = (string[])input.First, Second = (string[]?)input.Second }));
            AssertSame(data, new() { Truncation = TruncationStrategy.DoNotTruncate }, new(), kind);
            AssertSame(
                data, new() { MaxLength = 24, Stride = 3, ReturnOverflowingTokens = true }, new() { MaxLength = 24, Stride = 3, ReturnOverflowingTokens = true }, kind);

            void AssertSame(IDataView view, TokenizeHfOptions options, EncodeOptions same, string where)
            {
                (options.TextColumnName, options.PairColumnName, options.Model) = ("First", pair, folder);
                (options.ReturnOffsets, options.ReturnWordIds, options.ReturnSpecialTokensMask) = (true, true, true);
                var transformer = _ml.Transforms.Text.TokenizeHf(options).Fit(view);
                var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, transformer, view.Schema, new MLContext());
                var expected = inputs[0].First is string
                    ? tokenizer.EncodeBatch([.. inputs.Select(input => (string)input.First)], [.. inputs.Select(input => (string?)input.Second)], same)
                    : tokenizer.EncodeWordsBatch([.. inputs.Select(input => (string[])input.First)], [.. inputs.Select(input => (string[]?)input.Second)], same);
                foreach (var found in new[] { transformer.Transform(view), loaded.Transform(view) })
                    AssertHolds(tokenizer, expected, found, where);
            }
        }
        Assert.IsGreaterThan(0, kinds);
    }

    [TestMethod]
    [TestCategory("Process")]
    [Packaging.NeedsDotNet]
    public void AnotherProcessGivesTheSameIds()
    {
        const string Text = "Ça coûte 3 € — the  \"film\" isn't bad, 映画 😀!";
        var folders = Tokenizers.Where(folder => Missing(folder) is null).ToList();
        var zips = Directory.CreateTempSubdirectory("hftrainer-zips-").FullName;
        try
        {
            var (data, expected, files) = (_ml.Data.LoadFromEnumerable([new Texts { First = Text, Second = Text }]), new List<string>(), new List<string>());
            foreach (var folder in folders)
            {
                var transformer = _ml.Transforms.Text.TokenizeHf("First", "Second", folder).Fit(data);
                expected.Add($"ids {string.Join(' ', transformer.Tokenizer.Encode(Text, Text).Ids)}");
                files.Add(Path.Combine(zips, Path.GetFileName(folder) + ".zip"));
                _ml.Model.Save(transformer, data.Schema, files[^1]);
            }
            var run = Packaging.CommandLine.DotNet(zips, new Dictionary<string, string?>(), [TrainingRunProcess.Assembly, "tokenize", Text, .. files]).Succeeded();
            CollectionAssert.AreEqual(expected, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).ToList());
            Assert.IsNotEmpty(expected);
        }
        finally
        {
            Directory.Delete(zips, recursive: true);
        }
    }

    private static void AssertHolds(HfTokenizer tokenizer, BatchEncoding expected, IDataView view, string where)
    {
        void Column(string name, Func<TokenEncoding, IEnumerable<long>> values)
        {
            var found = view.GetColumn<long[]>(name).ToList();
            Assert.HasCount(expected.Count, found, $"{where}, {name}");
            for (var i = 0; i < found.Count; i++)
                CollectionAssert.AreEqual(values(expected[i]).ToArray(), found[i], $"{where}, {name}, row {i}");
        }
        Column("InputIds", e => e.Ids.Select(id => (long)id));
        Column("AttentionMask", e => e.AttentionMask.Select(mask => (long)mask));
        Column("Offsets", e => e.Offsets.SelectMany(range => new long[] { range.Start, range.End }));
        Column("WordIds", e => e.WordIds.Select(word => (long)(word ?? -1)));
        Column("SpecialTokensMask", e => e.SpecialTokensMask.Select(mask => (long)mask));
        Assert.AreEqual(tokenizer.ModelInputNames.Contains("token_type_ids"), view.Schema.GetColumnOrNull("TokenTypeIds") is not null);
        if (view.Schema.GetColumnOrNull("TokenTypeIds") is not null)
            Column("TokenTypeIds", e => e.TypeIds.Select(type => (long)type));
        if (view.Schema.GetColumnOrNull("SampleIndex") is not null)
            CollectionAssert.AreEqual(expected.SampleIndices.Select(index => (long)index).ToList(), view.GetColumn<long>("SampleIndex").ToList(), where);
    }

    private static string? Missing(string folder)
    {
        try
        {
            HfTokenizer.FromPretrained(folder);
            return null;
        }
        catch (Exception missing) when (missing is MissingPartException or FileNotFoundException)
        {
            return missing.Message;
        }
    }

    private sealed class Texts
    {
        public string First { get; set; } = "";

        public string? Second { get; set; }
    }

    private sealed class Words
    {
        public string[] First { get; set; } = [];

        public string[]? Second { get; set; }
    }
}
