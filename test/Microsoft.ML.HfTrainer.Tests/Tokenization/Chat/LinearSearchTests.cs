using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Chat;

[TestClass]
public class LinearSearchTests
{
    [TestMethod]
    public void Finds_what_the_built_in_search_finds()
    {
        var random = new Random(7);
        var found = 0;
        for (var i = 0; i < 2000; i++)
        {
            var text = Text(random.Next(400));
            var (start, length) = (random.Next(text.Length + 1), random.Next(150));
            var part = i % 2 == 0 ? Text(length) : text.Substring(start, Math.Min(length, text.Length - start));
            Assert.AreEqual(text.IndexOf(part, StringComparison.Ordinal), LinearSearch.First(text, part));
            Assert.AreEqual(text.AsSpan().LastIndexOf(part), LinearSearch.Last(text, part));
            found += part.Length > 64 && text.Contains(part, StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.IsGreaterThan(100, found);

        string Text(int length) => string.Create(length, random, (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++)
                chars[i] = source.Next(12) == 0 ? 'b' : 'a';
        });
    }
}
