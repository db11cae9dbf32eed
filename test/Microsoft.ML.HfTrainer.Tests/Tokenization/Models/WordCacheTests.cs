using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class WordCacheTests
{
    [TestMethod]
    public void A_cached_word_returns_its_own_tokens()
    {
        var cache = new WordCache();
        var tokens = new List<ModelToken>();
        Assert.IsFalse(cache.TryGet("sea", tokens));
        cache.Keep("sea", [new(1, 0, 2), new(2, 2, 3, "a")]);
        Assert.IsFalse(cache.TryGet("seas", tokens));
        Assert.IsTrue(cache.TryGet("sea", tokens));
        CollectionAssert.AreEqual(new ModelToken[] { new(1, 0, 2), new(2, 2, 3, "a") }, tokens);
    }

    [TestMethod]
    public void Concurrent_threads_get_the_tokens_of_their_own_words()
    {
        var cache = new WordCache();
        var found = 0;
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            var tokens = new List<ModelToken>();
            for (var i = 0; i < 200_000; i++)
            {
                var number = random.Next(60_000);
                tokens.Clear();
                if (cache.TryGet($"w{number}", tokens))
                {
                    Interlocked.Increment(ref found);
                    Assert.AreEqual(new ModelToken(number, 0, 1), tokens.Single());
                }
                else
                {
                    cache.Keep($"w{number}", [new(number, 0, 1)]);
                }
            }
        });
        Assert.IsGreaterThan(1000, found);
    }
}
