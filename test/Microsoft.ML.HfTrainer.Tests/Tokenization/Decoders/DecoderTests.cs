namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Decoders;

[TestClass]
public class DecoderTests
{
    [TestMethod]
    public void Byte_tokens_become_text_and_other_tokens_are_kept()
    {
        Assert.AreEqual("a|你|b|\uFFFD|<0xZZ>|\uFFFD", PartText.Decode(
            """{ "type": "ByteFallback" }""", "a", "<0xE4>", "<0xBD>", "<0xA0>", "b", "<0xE4>", "<0xZZ>", "<0xE4>"));
        Assert.AreEqual("\uFFFD\uFFFD", PartText.Decode("""{ "type": "ByteFallback" }""", "<0xE4>", "<0xBD>"));
    }

    [TestMethod]
    public void The_byte_level_alphabet_is_decoded_token_by_token() =>
        Assert.AreEqual(" a\uFFFD日é", PartText.Decode("""{ "type": "ByteLevel" }""", "Ġa", "é", "日", "Ã", "©"));

    [TestMethod]
    [DataRow("""{ "type": "Fuse" }""", "ab|c", "abc")]
    [DataRow("""{ "type": "Strip", "content": " ", "start": 1, "stop": 0 }""", "  a |b", " a |b")]
    [DataRow("""{ "type": "Strip", "content": "x", "start": 2, "stop": 3 }""", "xxxaxx|xx|", "xa||")]
    [DataRow("""{ "type": "Replace", "pattern": { "Regex": "a+" }, "content": "x" }""", "aab|caa", "xb|cx")]
    [DataRow("""{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " }""", "▁a|▁▁", " a|  ")]
    [DataRow("""{ "type": "BPEDecoder" }""", "a</w>|b|c</w>", "a |b|c")]
    [DataRow("""{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "Strip", "content": " ", "start": 1, "stop": 0 }] }""", " a| b", "a b")]
    public void Each_piece_is_decoded_separately(string part, string tokens, string pieces) =>
        Assert.AreEqual(pieces, PartText.Decode(part, tokens.Split('|')));

    [TestMethod]
    public void No_tokens_decode_to_an_empty_text() => Assert.AreEqual("", PartText.Decode("""{ "type": "BPEDecoder" }"""));
}
