using System.Reflection;
using System.Text;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Fuzz;

/// <summary>Every golden tokenizer with unusual texts, and with one of ten megabytes.</summary>
[TestClass]
[TestCategory("GoldenTokenizers")]
public class FuzzTests
{
    private const int Texts = 20_000;

    // A tokenizer whose time grows with the square of the length would need days for the long text.
    private const int Hang = 10 * 60 * 1000;

    private static readonly Lazy<string[]> Random = new(() => RandomTexts.Make(Texts, 7));

    public static IEnumerable<object[]> Rows => GoldenFolder.Cases("tokenizers", "config.json").Select(folder => new object[] { Path.GetFileName(folder) });

    public static string RowName(MethodInfo method, object[] row) => $"{row[0]}";

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Random_texts_are_encoded_and_decoded(string folder)
    {
        var tokenizer = Open(folder);
        var encodings = tokenizer.EncodeBatch(Random.Value);
        Parallel.For(0, Texts, i =>
        {
            Check(tokenizer, Random.Value[i], encodings[i]);
            tokenizer.Decode(encodings[i].Ids, i % 2 == 0);
        });
    }

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Random_ids_are_decoded(string folder)
    {
        var tokenizer = Open(folder);
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var ids = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(-2, tokenizer.VocabularySize + 2)).ToArray();
            tokenizer.Decode(ids, i % 2 == 0);
        }
        tokenizer.Decode([int.MinValue, int.MaxValue]);
    }

    [TestMethod]
    [Timeout(Hang)]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void A_text_of_ten_megabytes_takes_no_quadratic_time(string folder)
    {
        var text = string.Concat(new[] { "a", "the sea is calm. ", "e\u0301", " ", "漢🙂", "<s>x[MASK]" }.Select(Repeat));
        Assert.IsGreaterThan(9_900_000, Encoding.UTF8.GetByteCount(text));
        var tokenizer = Open(folder);
        Check(tokenizer, text, tokenizer.Encode(text));
    }

    private static string Repeat(string part)
    {
        const int Bytes = 10_000_000 / 6;
        return new StringBuilder().Insert(0, part, Bytes / Encoding.UTF8.GetByteCount(part)).ToString();
    }

    private static void Check(HfTokenizer tokenizer, string text, TokenEncoding encoding)
    {
        var (lastStart, lastEnd) = (0, 0);
        for (var i = 0; i < encoding.Length; i++)
        {
            if ((uint)encoding.Ids[i] >= (uint)tokenizer.VocabularySize)
                Assert.Fail($"the id {encoding.Ids[i]} of {Show(text)}");
            if (encoding.SequenceIds[i] is null)
                continue;
            var (start, end) = encoding.Offsets[i];
            if (start < lastStart || end < start || end < lastEnd || end > text.Length)
                Assert.Fail($"token {i} of {Show(text)} has the offsets {start} to {end} after {lastStart} to {lastEnd}");
            // As in Hugging Face tokenizers, trimming a prepended space moves the start of its token behind the first character.
            if (start < end)
                (lastStart, lastEnd) = (start, end);
        }
    }

    private static string Show(string text) => string.Concat(text.Take(100).Select(unit => unit is > ' ' and < '\x7F' ? $"{unit}" : $"\\u{(int)unit:X4}"));

    private static HfTokenizer Open(string folder)
    {
        try
        {
            return HfTokenizer.FromPretrained(Path.Combine(GoldenFolder.Path, "tokenizers", folder));
        }
        catch (MissingPartException missing)
        {
            GoldenFolder.Skip($"tokenizer parts {string.Join(", ", missing.Parts)} are not registered");
            throw;
        }
    }
}
