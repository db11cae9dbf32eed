using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class TokenizeHfSavingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void EverySettingIsSaved()
    {
        var settings = new TokenizeSettings
        {
            Columns = new TextColumns("Asked", "Context"),
            TextPrefix = "ask: ",
            PrefixSource = "The prompt 'ask'",
            LowerCase = true,
            Prefix = "Pair",
            MaxLength = 12,
            Truncation = TruncationStrategy.OnlyFirst,
            TruncationSide = Side.Left,
            PadsToMaxLength = true,
            PaddingSide = Side.Left,
            AddSpecialTokens = false,
            AsTarget = true,
            Language = "de_DE",
            Requested = ["Offsets", "WordIds"],
            Overflows = true,
            Stride = 3,
        };
        var plain = new TokenizeSettings { Columns = new TextColumns("Text \"1\"", null) };
        foreach (var property in typeof(TokenizeSettings).GetProperties().Where(property => property.Name != "EqualityContract"))
            Assert.AreNotEqual(property.GetValue(plain), property.GetValue(settings), $"{property.Name} is tried with its default only");
        foreach (var expected in new[] { settings, plain })
        {
            var found = TokenizeSettingsJson.Read(TokenizeSettingsJson.Write(expected));
            CollectionAssert.AreEqual(expected.Requested.ToList(), found.Requested.ToList());
            Assert.AreEqual(expected with { Requested = found.Requested }, found);
        }
    }

    [TestMethod]
    public void EverySettingReachesTheTokenizer()
    {
        var settings = new TokenizeSettings
        {
            Columns = new TextColumns("Text", null), MaxLength = 12, Truncation = TruncationStrategy.OnlyFirst, TruncationSide = Side.Left, PadsToMaxLength = true,
            PaddingSide = Side.Left, AddSpecialTokens = false, AsTarget = true, Language = "de_DE", Stride = 3,
        };
        var expected = new EncodeOptions
        {
            MaxLength = 12, Truncation = TruncationStrategy.OnlyFirst, TruncationSide = Side.Left, Padding = new PadOptions { Length = 12, Side = Side.Left },
            AddSpecialTokens = false, AsTarget = true, Language = "de_DE", Stride = 3,
        };
        Assert.AreEqual(expected, settings.ToEncodeOptions());
        Assert.AreEqual(new EncodeOptions(), new TokenizeSettings { Columns = settings.Columns }.ToEncodeOptions());
    }

    [TestMethod]
    public void DamagedSettingsAreRefused()
    {
        var whole = TokenizeSettingsJson.Write(new TokenizeSettings { Columns = new TextColumns("Text", null), MaxLength = 9 });
        foreach (var (old, damaged) in new[] { ("}", ""), ("LongestFirst", "Longest"), ("\"stride\":0", "\"stride\":0.5"), ("\"pads\"", "\"pad\""), ("9", "\"9\""), ("[]", "[1]") })
        {
            Assert.Contains(old, whole);
            Assert.ThrowsExactly<InvalidDataException>(() => TokenizeSettingsJson.Read(whole.Replace(old, damaged)), damaged);
        }
    }

    [TestMethod]
    public void FilesOfTheFirstVersionAreRead()
    {
        var data = _ml.Data.LoadFromEnumerable(Question.Some());
        var expected = _ml.Transforms.Text.TokenizeHf("Asked", "Context", _model.Folder, maxLength: 9).Fit(data).Transform(data);
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, new FirstVersion(_ml, _model.Folder), data.Schema, new MLContext());
        RowComparer.AssertSame(RowComparer.Read(expected), RowComparer.Read(loaded.Transform(data)));
        Assert.AreEqual(9, ((TokenizeHfTransformer)loaded).MaxLength);
    }

    // Writes what the first version wrote: two column names, a limit, and the tokenizer.
    private sealed class FirstVersion(MLContext ml, string folder) : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx)
        {
            var archive = MlHost.For(ml, "Test").Write(ctx, new ArchiveFormat("HFTOKNZR", "HfTokenize", 1));
            archive.Write("Asked");
            archive.Write("Context");
            archive.Write(9);
            TokenizerArchive.Write(archive, HfTokenizer.FromPretrained(folder));
        }
    }
}
