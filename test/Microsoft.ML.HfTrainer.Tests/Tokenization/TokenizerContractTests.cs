using System.Buffers;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

/// <summary>The tokenizer used through the base class of Microsoft.ML.Tokenizers.</summary>
[TestClass]
public class TokenizerContractTests
{
    private const string Text = "The séaside\u200B is\tcalm.";

    private static Tokenizer Tokenizer => TinyTokenizer.Load();

    [TestMethod]
    public void Tokens_exclude_special_tokens_and_have_ranges_of_the_raw_text()
    {
        var tokens = Tokenizer.EncodeToTokens(Text, out var normalized);
        Assert.IsNull(normalized);
        CollectionAssert.AreEqual(new[] { "the", "sea", "##side", "is", "calm", "." }, tokens.Select(token => token.Value).ToList());
        CollectionAssert.AreEqual(new[] { "The", "séa", "side", "is", "calm", "." }, tokens.Select(token => Text[token.Offset]).ToList());
        CollectionAssert.AreEqual(tokens.Select(token => token.Id).ToList(), Tokenizer.EncodeToIds(Text).ToList());
        CollectionAssert.AreEqual(TinyTokenizer.Load().Encode(Text, options: new() { AddSpecialTokens = false }).Ids, Tokenizer.EncodeToIds(Text.AsSpan()).ToArray());
        Assert.AreEqual(6, Tokenizer.CountTokens(Text));
        Assert.IsEmpty(Tokenizer.EncodeToIds(""));
    }

    [TestMethod]
    public void The_index_by_token_count_is_found_from_either_end()
    {
        for (var limit = 1; limit <= 7; limit++)
        {
            var index = Tokenizer.GetIndexByTokenCount(Text, limit, out _, out var count);
            Assert.AreEqual(Math.Min(limit, 6), count);
            Assert.AreEqual(count, Tokenizer.CountTokens(Text[..index]));
            CollectionAssert.AreEqual(Tokenizer.EncodeToIds(Text[..index]).ToList(), Tokenizer.EncodeToIds(Text, limit, out _, out var consumed).ToList());
            Assert.AreEqual(index, consumed);
        }
        Assert.AreEqual(11, Tokenizer.GetIndexByTokenCount(Text, 3, out _, out _));
        Assert.AreEqual(16, Tokenizer.GetIndexByTokenCountFromEnd(Text, 2, out _, out var two));
        Assert.AreEqual(2, two);
        Assert.AreEqual(0, Tokenizer.GetIndexByTokenCountFromEnd(Text, 6, out _, out _));
        Assert.AreEqual(Text.Length, Tokenizer.GetIndexByTokenCount(Text, 6, out _, out _));
    }

    [TestMethod]
    public void A_character_of_several_tokens_is_not_split()
    {
        Tokenizer tokenizer = HfTokenizer.FromPretrained(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "tokenizers", "own-llama3"));
        const string text = "a \U0001F9A9 ĳ 龘\U0001F9A9";
        var tokens = tokenizer.EncodeToTokens(text, out _);
        Assert.IsGreaterThan(text.EnumerateRunes().Count(), tokens.Count);
        for (var limit = 1; limit < tokens.Count; limit++)
        {
            var start = tokenizer.GetIndexByTokenCount(text, limit, out _, out var count);
            Assert.IsTrue(tokens.Take(count).All(token => token.Offset.End.Value <= start) && tokens.Skip(count).All(token => token.Offset.Start.Value >= start), $"{limit}");
            Assert.IsLessThanOrEqualTo(limit, count);
            var end = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out _, out count);
            Assert.IsTrue(tokens.SkipLast(count).All(token => token.Offset.End.Value <= end) && tokens.TakeLast(count).All(token => token.Offset.Start.Value >= end), $"{limit} from the end");
            Assert.IsLessThanOrEqualTo(limit, count);
        }
    }

    [TestMethod]
    public void Ids_are_decoded_into_a_new_string_or_the_callers_buffer()
    {
        var ids = Tokenizer.EncodeToIds(Text);
        Assert.AreEqual("the seaside is calm.", Tokenizer.Decode(ids));
        Assert.AreEqual("the seaside is calm.", Tokenizer.Decode(ids.Select(id => id)));
        Span<char> memory = stackalloc char[32];
        Assert.AreEqual(OperationStatus.Done, Tokenizer.Decode(ids, memory, out var consumed, out var written));
        Assert.AreEqual((6, "the seaside is calm."), (consumed, memory[..written].ToString()));
        Assert.AreEqual(OperationStatus.DestinationTooSmall, Tokenizer.Decode(ids, memory[..19], out consumed, out written));
        Assert.AreEqual((0, 0), (consumed, written));
    }

    [TestMethod]
    public void Normalizer_and_pre_tokenizer_are_exposed_and_can_be_skipped()
    {
        Assert.AreEqual("the seaside is calm.", Tokenizer.Normalizer!.Normalize(Text));
        CollectionAssert.AreEqual(new[] { (0, 3), (4, 4), (8, 1) }, Tokenizer.PreTokenizer!.PreTokenize("the calm.").ToList());
        CollectionAssert.AreEqual(new[] { 1 }, Tokenizer.EncodeToIds("SEA", considerNormalization: false).ToList());
        CollectionAssert.AreEqual(new[] { 1 }, Tokenizer.EncodeToIds("the sea", considerPreTokenization: false).ToList());
        CollectionAssert.AreEqual(new[] { 6, 7 }, Tokenizer.EncodeToIds("Seaside", considerPreTokenization: false).ToList());
        var bare = TinyTokenizer.Load(json => (json["normalizer"], json["pre_tokenizer"]) = (null, null));
        Assert.IsNull(bare.Normalizer);
        Assert.IsNull(bare.PreTokenizer);
    }

    [TestMethod]
    public void A_consumer_of_the_base_class_chunks_a_document()
    {
        var document = string.Concat(Enumerable.Repeat("The seaside is calm. ", 40));
        var chunks = Chunks(TinyTokenizer.Load(), document, 7).ToList();
        Assert.AreEqual(document, string.Concat(chunks));
        Assert.HasCount(35, chunks);
        Assert.IsTrue(chunks.All(chunk => TinyTokenizer.Load().CountTokens(chunk) <= 7));
    }

    private static IEnumerable<string> Chunks(Tokenizer tokenizer, string text, int tokens)
    {
        while (text.Length > 0)
        {
            var index = tokenizer.GetIndexByTokenCount(text, tokens, out var normalized, out _);
            yield return (normalized ?? text)[..index];
            text = (normalized ?? text)[index..];
        }
    }
}
