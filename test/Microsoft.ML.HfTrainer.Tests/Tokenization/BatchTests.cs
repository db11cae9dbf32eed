namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

[TestClass]
public class BatchTests
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 1000).Select(i => string.Concat(Enumerable.Repeat("the séa is calm. ", i % 9)))];

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1)]
    [DataRow(3)]
    public void A_batch_equals_its_texts_encoded_one_by_one(int threads)
    {
        var tokenizer = TinyTokenizer.Load();
        var options = new EncodeOptions { MaxLength = 12, MaxDegreeOfParallelism = threads };
        var batch = tokenizer.EncodeBatch(Texts, options: options);
        Assert.HasCount(Texts.Length, batch);
        CollectionAssert.AreEqual(Texts.Select(text => Ids(tokenizer.Encode(text, null, options))).ToList(), batch.Select(Ids).ToList());
        CollectionAssert.AreEqual(Enumerable.Range(0, Texts.Length).ToList(), batch.SampleIndices.ToList());
    }

    [TestMethod]
    public void In_a_batch_an_empty_second_text_counts_and_null_does_not()
    {
        var batch = TinyTokenizer.Load().EncodeBatch(["sea", "sea", "sea"], ["calm", "", null]);
        CollectionAssert.AreEqual(new[] { "2 6 3 9 3", "2 6 3 3", "2 6 3" }, batch.Select(Ids).ToList());
    }

    [TestMethod]
    public void Batches_of_words_equal_single_calls()
    {
        var batch = TinyTokenizer.Load().EncodeWordsBatch([["the", "seaside"], ["calm"]], [null, ["is"]]);
        CollectionAssert.AreEqual(new[] { "2 5 6 7 3", "2 9 3 8 3" }, batch.Select(Ids).ToList());
        CollectionAssert.AreEqual(new int?[] { null, 0, 1, 1, null }, batch[0].WordIds);
    }

    [TestMethod]
    public void A_batch_is_padded_to_its_longest_encoding()
    {
        var tokenizer = TinyTokenizer.Load();
        string[] texts = ["sea", "the sea is calm"];
        CollectionAssert.AreEqual(new[] { 6, 6 }, tokenizer.EncodeBatch(texts, options: new() { Padding = new() }).Select(e => e.Length).ToList());
        var own = tokenizer.EncodeBatch(texts, options: new() { Padding = new() { MultipleOf = 4, PadId = 10, PadTypeId = 7, Side = Side.Left } });
        Assert.AreEqual("10 10 10 10 10 2 6 3", Ids(own[0]));
        Assert.AreEqual("7 7 7 7 7 0 0 0", string.Join(' ', own[0].TypeIds));
        Assert.AreEqual("2 6 3 0 0", Ids(tokenizer.Encode("sea", options: new() { Padding = new() { Length = 5 } })));
    }

    [TestMethod]
    public void Overflowing_parts_follow_their_text_on_request()
    {
        var options = new EncodeOptions { MaxLength = 4, ReturnOverflowingTokens = true, Padding = new() };
        var batch = TinyTokenizer.Load().EncodeBatch(["the sea is calm .", "sea"], options: options);
        CollectionAssert.AreEqual(new[] { "2 5 6 3", "2 8 9 3", "2 10 3 0", "2 6 3 0" }, batch.Select(Ids).ToList());
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 1 }, batch.SampleIndices.ToList());
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1)]
    public void An_error_names_the_first_failing_text(int threads)
    {
        var texts = Texts.ToArray<string?>();
        texts[300] = texts[411] = texts[998] = null;
        var error = Assert.ThrowsExactly<ArgumentException>(() => TinyTokenizer.Load().EncodeBatch(texts!, options: new() { MaxDegreeOfParallelism = threads }));
        StringAssert.Contains(error.Message, "Text 300 ");
        var cut = new EncodeOptions { MaxLength = 5, Truncation = TruncationStrategy.OnlySecond, MaxDegreeOfParallelism = threads };
        error = Assert.ThrowsExactly<ArgumentException>(() => TinyTokenizer.Load().EncodeBatch(["sea", "the sea is calm"], ["calm calm", "sea"], cut));
        StringAssert.Contains(error.Message, "Text 1 ");
    }

    [TestMethod]
    public void Inconsistent_arguments_are_refused()
    {
        var tokenizer = TinyTokenizer.Load();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => tokenizer.EncodeBatch(["sea"], ["sea", "calm"])).Message, "2 second texts for 1");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => tokenizer.EncodeBatch(["sea"], options: new() { MaxDegreeOfParallelism = 0 })).Message, "is 0");
        Assert.IsEmpty(tokenizer.EncodeBatch([], options: new() { Padding = new() }));
        var nameless = TinyTokenizer.Load(json => json["added_tokens"]!.AsArray().RemoveAt(4));
        Assert.IsNull(nameless.PadTokenId);
        Assert.ThrowsExactly<InvalidOperationException>(() => nameless.EncodeBatch(["sea"], options: new() { Padding = new() }));
    }

    [TestMethod]
    public void Decoding_a_batch_equals_decoding_its_texts()
    {
        var tokenizer = TinyTokenizer.Load();
        var ids = Texts.Select(text => tokenizer.Encode(text).Ids).ToArray();
        CollectionAssert.AreEqual(ids.Select(i => tokenizer.Decode(i, false)).ToList(), tokenizer.DecodeBatch(ids, skipSpecialTokens: false).ToList());
    }

    [TestMethod]
    public void Spaces_are_cleaned_up_as_the_call_or_the_configuration_specifies()
    {
        var (plain, cleaned) = ("run . run n't", "run. runn't");
        int[] ids = [12, 10, 12, 13, 14];
        var silent = Load("{}");
        Assert.AreEqual(plain, silent.Decode(ids));
        Assert.AreEqual(cleaned, silent.Decode(ids, cleanUpTokenizationSpaces: true));
        var configured = Load("""{ "clean_up_tokenization_spaces": true }""");
        Assert.IsTrue(configured.CleanUpTokenizationSpaces);
        Assert.AreEqual(cleaned, configured.Decode(ids));
        Assert.AreEqual(plain, configured.Decode(ids, cleanUpTokenizationSpaces: false));

        static HfTokenizer Load(string configuration) => TinyTokenizer.Load(
            json =>
            {
                json["decoder"]!["cleanup"] = false;
                json["model"]!["vocab"]!["n"] = 13;
                json["model"]!["vocab"]!["##'t"] = 14;
            },
            configuration);
    }

    [TestMethod]
    public void Saved_options_contain_truncation_and_padding_of_the_file()
    {
        var tokenizer = TinyTokenizer.Load(json =>
        {
            json["truncation"] = new System.Text.Json.Nodes.JsonObject { ["max_length"] = 5, ["strategy"] = "OnlyFirst", ["direction"] = "Left", ["stride"] = 1 };
            json["padding"] = new System.Text.Json.Nodes.JsonObject
            {
                ["strategy"] = new System.Text.Json.Nodes.JsonObject { ["Fixed"] = 6 }, ["direction"] = "Left", ["pad_id"] = 4, ["pad_type_id"] = 1, ["pad_token"] = "[MASK]",
            };
        });
        Assert.AreEqual("4 2 8 9 10 3", Ids(tokenizer.Encode("the sea is calm .", options: tokenizer.SavedOptions)));
        Assert.AreEqual("2 5 6 8 9 10 3", Ids(tokenizer.Encode("the sea is calm .")));
        Assert.AreEqual(new EncodeOptions(), TinyTokenizer.Load().SavedOptions);
    }

    [TestMethod]
    [DataRow("truncation", """{ "max_length": 5, "strategy": "Longest" }""", "'strategy' is 'Longest'")]
    [DataRow("truncation", """{ "strategy": "LongestFirst" }""", "max_length")]
    [DataRow("padding", """{ "strategy": "Longest" }""", "BatchLongest")]
    [DataRow("padding", """{ "strategy": { "Fixed": "x" } }""", "padding.strategy.Fixed")]
    public void Unknown_truncation_or_padding_is_refused_by_name(string field, string value, string message)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => TinyTokenizer.Load(json => json[field] = System.Text.Json.Nodes.JsonNode.Parse(value)));
        StringAssert.Contains(error.Message, message);
    }

    private static string Ids(TokenEncoding encoding) => string.Join(' ', encoding.Ids);
}
