using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Decoders;

[TestClass]
public class MetaspaceDecoderTests
{
    [TestMethod]
    [DataRow("always", "▁▁Hey my▁friend", "Hey|my friend")]
    [DataRow("first", "▁Hey ▁▁you", "Hey|  you")]
    [DataRow("never", "▁Hey ▁you", " Hey| you")]
    public void Replacement_characters_become_spaces(string scheme, string tokens, string pieces)
    {
        using var json = JsonDocument.Parse($$"""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}" }""");
        var decoder = TokenizerParts.Decoders.Read(new PartReader(json.RootElement, "", new LoadContext("tiny", "tokenizer.json")));
        Assert.AreEqual(pieces, string.Join('|', decoder.Decode(tokens.Split(' '))));
    }
}
