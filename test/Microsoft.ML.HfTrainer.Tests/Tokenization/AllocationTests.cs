using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

[TestClass]
public class AllocationTests
{
    // The encoding object, and an array's header for each of its five arrays.
    private const int BytesAnEncoding = 160 + (5 * 32);

    // An id, a type, a word and two offsets of four bytes each, and a byte for the sequence.
    private const int BytesAToken = 21;

    private const string Text = "The brave cooks of this town are proud of their ovens, and so they sing every morning: “bread, bread, and more bread!”";

    [TestMethod]
    [DataRow("own-bert-uncased")]
    [DataRow("own-llama3")]
    [DataRow("own-roberta-prefix-space")]
    [DataRow("own-xlm-roberta")]
    public void Encoding_words_that_came_before_allocates_the_encoding_alone(string name)
    {
        var folder = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "tokenizers", name);
        var tokenizer = HfTokenizer.FromPretrained(folder);
        var text = string.Join(' ', Enumerable.Repeat(Text, 20));
        var tokens = tokenizer.Encode(text).Length;
        tokenizer.Encode(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            tokenizer.Encode(text);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
        Assert.IsLessThanOrEqualTo(BytesAnEncoding + (BytesAToken * tokens), bytes, $"{tokens} tokens");
    }
}
