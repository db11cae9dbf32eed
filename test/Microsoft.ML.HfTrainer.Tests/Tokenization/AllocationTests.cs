using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

[TestClass]
public class AllocationTests
{
    // The encoding with its references, and the headers of its five arrays, rounded up to 8 bytes.
    private const int BytesAnEncoding = 160 + (5 * 32);

    // An id, a type, a word index and two offsets of four bytes each, and a byte for the sequence index.
    private const int BytesAToken = 21;

    private const string Text = "The brave cooks of this town are proud of their ovens, and so they sing every morning: bread, bread, and more bread!";

    [TestMethod]
    [DataRow("own-bert-uncased")]
    [DataRow("own-llama3")]
    [DataRow("own-roberta-prefix-space")]
    [DataRow("own-xlm-roberta")]
    public void Encoding_cached_words_allocates_only_the_encoding(string name)
    {
        var tokenizer = HfTokenizer.FromPretrained(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "tokenizers", name));
        var text = string.Join(' ', Enumerable.Repeat(Text, 20));
        var most = BytesAnEncoding + (BytesAToken * tokenizer.Encode(text).Length);
        // Code that has not been optimized yet boxes values.
        var least = long.MaxValue;
        for (var round = 0; round < 200 && least > most; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++)
                tokenizer.Encode(text);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / 10);
            Thread.Sleep(10);
        }
        Assert.IsLessThanOrEqualTo(most, least);
    }
}
