namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

[TestClass]
public class HfTokenizerTests
{
    [TestMethod]
    public void Offsets_refer_to_the_raw_text()
    {
        var encoding = TinyTokenizer.Load().Encode("The séaside\u200B is\tcalm.");
        CollectionAssert.AreEqual(new[] { "[CLS]", "the", "sea", "##side", "is", "calm", ".", "[SEP]" }, encoding.Tokens);
        CollectionAssert.AreEqual(new[] { 2, 5, 6, 7, 8, 9, 10, 3 }, encoding.Ids);
        CollectionAssert.AreEqual(new[] { (0, 0), (0, 3), (4, 7), (7, 11), (13, 15), (16, 20), (20, 21), (0, 0) }, encoding.Offsets);
        CollectionAssert.AreEqual(new int?[] { null, 0, 1, 1, 2, 3, 4, null }, encoding.WordIds);
        CollectionAssert.AreEqual(new[] { 1, 0, 0, 0, 0, 0, 0, 1 }, encoding.SpecialTokensMask);
        Assert.IsFalse(encoding.Truncated);
        Assert.IsEmpty(encoding.Overflowing);
    }

    [TestMethod]
    public void A_pair_has_two_token_types_even_if_the_second_text_is_empty()
    {
        var tokenizer = TinyTokenizer.Load();
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 1, 1 }, tokenizer.Encode("sea", "calm").TypeIds);
        CollectionAssert.AreEqual(new[] { 2, 6, 3, 3 }, tokenizer.Encode("sea", "").Ids);
        CollectionAssert.AreEqual(new[] { 2, 6, 3 }, tokenizer.Encode("sea").Ids);
    }

    [TestMethod]
    public void Truncated_tokens_are_in_the_overflowing_parts()
    {
        var encoding = TinyTokenizer.Load().Encode("the sea is calm .", options: new() { MaxLength = 4 });
        Assert.IsTrue(encoding.Truncated);
        CollectionAssert.AreEqual(new[] { 2, 5, 6, 3 }, encoding.Ids);
        Assert.HasCount(2, encoding.Overflowing);
        CollectionAssert.AreEqual(new[] { 2, 8, 9, 3 }, encoding.Overflowing[0].Ids);
        CollectionAssert.AreEqual(new[] { 2, 10, 3 }, encoding.Overflowing[1].Ids);
        CollectionAssert.AreEqual(new[] { (0, 0), (16, 17), (0, 0) }, encoding.Overflowing[1].Offsets);
    }

    [TestMethod]
    public void Overflowing_parts_are_not_affected_by_later_encodings()
    {
        var tokenizer = TinyTokenizer.Load();
        var encoding = tokenizer.Encode("the sea is calm .", options: new() { MaxLength = 4 });
        tokenizer.Encode(". . . . . .");
        CollectionAssert.AreEqual(new[] { 2, 8, 9, 3 }, encoding.Overflowing[0].Ids);
    }

    [TestMethod]
    public void Padding_in_the_file_is_ignored_except_its_side()
    {
        var tokenizer = TinyTokenizer.Load(json =>
        {
            json["padding"] = new System.Text.Json.Nodes.JsonObject { ["strategy"] = "BatchLongest", ["direction"] = "Left" };
            json["truncation"] = new System.Text.Json.Nodes.JsonObject { ["max_length"] = 3, ["direction"] = "Right" };
        });
        Assert.AreEqual(Side.Left, tokenizer.PaddingSide);
        Assert.AreEqual(7, tokenizer.Encode("the sea is calm .").Length);
    }

    [TestMethod]
    public void Encodings_are_padded_to_the_longest_or_to_a_multiple()
    {
        var tokenizer = TinyTokenizer.Load();
        TokenEncoding[] encodings = [tokenizer.Encode("sea"), tokenizer.Encode("the sea is calm")];
        var padded = tokenizer.Pad(encodings);
        CollectionAssert.AreEqual(new[] { 2, 6, 3, 0, 0, 0 }, padded[0].Ids);
        CollectionAssert.AreEqual(new[] { 1, 1, 1, 0, 0, 0 }, padded[0].AttentionMask);
        Assert.AreSame(encodings[1], padded[1]);
        var left = tokenizer.Pad(encodings, new() { MultipleOf = 4, Side = Side.Left });
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 0, 0, 2, 6, 3 }, left[0].Ids);
        CollectionAssert.AreEqual(new int?[] { null, null, null, null, null, null, 0, null }, left[0].SequenceIds);
    }

    [TestMethod]
    public void Given_words_have_their_index_as_word_id_and_offsets_of_their_own()
    {
        var encoding = TinyTokenizer.Load().EncodeWords(["the", "Seaside", "", "calm."]);
        CollectionAssert.AreEqual(new int?[] { null, 0, 1, 1, 3, 3, null }, encoding.WordIds);
        CollectionAssert.AreEqual(new[] { (0, 0), (0, 3), (0, 3), (3, 7), (0, 4), (4, 5), (0, 0) }, encoding.Offsets);
    }

    [TestMethod]
    public void Decoding_joins_pieces_and_skips_special_tokens()
    {
        var tokenizer = TinyTokenizer.Load();
        var ids = tokenizer.Encode("The seaside is calm.").Ids;
        Assert.AreEqual("the seaside is calm.", tokenizer.Decode(ids));
        Assert.AreEqual("[CLS] the seaside is calm. [SEP]", tokenizer.Decode(ids, skipSpecialTokens: false));
        Assert.AreEqual("", tokenizer.Decode([2, 3, 999]));
    }

    [TestMethod]
    public void Special_tokens_come_from_the_configuration_or_the_family()
    {
        var tokenizer = TinyTokenizer.Load();
        Assert.AreEqual((0, 1, 2, 3, 4), (tokenizer.PadTokenId, tokenizer.UnknownTokenId, tokenizer.ClsTokenId, tokenizer.SepTokenId, tokenizer.MaskTokenId));
        Assert.IsNull(tokenizer.BosTokenId);
        var other = TinyTokenizer.Load(configuration: """{ "pad_token": { "content": "." }, "model_max_length": 1000000000000000019884624838656 }""");
        Assert.AreEqual((".", 10), (other.PadToken, other.PadTokenId));
        Assert.IsNull(other.ModelMaxLength);
    }

    [TestMethod]
    public void Many_threads_may_encode_with_one_tokenizer()
    {
        var tokenizer = TinyTokenizer.Load();
        var texts = Enumerable.Range(0, 200).Select(i => string.Join(' ', Enumerable.Repeat("the séa is calm.", i % 7))).ToArray();
        var expected = texts.Select(text => string.Join(' ', tokenizer.Encode(text).Ids)).ToArray();
        Parallel.For(0, 2000, i => Assert.AreEqual(expected[i % 200], string.Join(' ', tokenizer.Encode(texts[i % 200]).Ids)));
    }

    // "the seaside is": [CLS] the sea ##side is [SEP]
    [TestMethod]
    [DataRow(WordLabels.FirstToken, "-100 0 1 -100 3 -100")]
    [DataRow(WordLabels.AllTokens, "-100 0 1 1 3 -100")]
    [DataRow(WordLabels.AllTokensContinued, "-100 0 1 2 3 -100")]
    public void LabelsOfWordsBecomeLabelsOfTokens(WordLabels tokens, string expected)
    {
        var encoding = TinyTokenizer.Load().EncodeWords(["the", "seaside", "is"]);
        Assert.AreEqual(expected, string.Join(' ', encoding.AlignLabels([0, 1, 3], tokens, ["O", "B-LOC", "I-LOC", "B-PER"])));
    }

    [TestMethod]
    public void LabelsOfWordsThatDoNotFitAreRefused()
    {
        var encoding = TinyTokenizer.Load().EncodeWords(["the", "seaside"], ["is"]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => encoding.AlignLabels([0])).Message, "Token 2 is of word 1, and there are labels for 1 words");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => encoding.AlignLabels([0, 1], WordLabels.AllTokensContinued)).Message, "model.Config.Labels");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => encoding.AlignLabels([0, 9], WordLabels.AllTokensContinued, ["O"])).Message, "a label 9");
        Assert.AreEqual("-100 -100 -100 -100 -100 7 -100", string.Join(' ', encoding.AlignLabels([7], sequence: 1)));
        Assert.AreEqual(-100, encoding.AlignLabels([-100, -100], WordLabels.AllTokensContinued, ["O"])[2]);
    }

    [TestMethod]
    public void AWordThatIsNullIsNamed()
    {
        var tokenizer = TinyTokenizer.Load();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => tokenizer.EncodeWords(["the", null!])).Message, "Word 1 of 2 is null");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => tokenizer.EncodeWords(["the"], [null!])).Message, "Word 0 of 1 is null");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => tokenizer.EncodeWordsBatch([["the"], [null!]])).Message, "Text 1 of the batch: Word 0 of 1 is null");
    }

    [TestMethod]
    public void NumbersOfOptionsAreRefusedByName()
    {
        AssertRefused("MaxLength", () => new EncodeOptions { MaxLength = -1 });
        AssertRefused("Stride", () => new EncodeOptions { Stride = -1 });
        AssertRefused("Length", () => new PadOptions { Length = -1 });
        AssertRefused("MultipleOf", () => new PadOptions { MultipleOf = 0 });
        AssertRefused("PadId", () => new PadOptions { PadId = -1 });
        AssertRefused("PadTypeId", () => new PadOptions { PadTypeId = -1 });

        static void AssertRefused(string name, Func<object> create) => StringAssert.Contains(Assert.Throws<ArgumentException>(() => create()).Message, name);
    }
}
