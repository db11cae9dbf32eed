using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.PostProcessors;

[TestClass]
public class PostProcessorTests
{
    private const string Template = """
        { "type": "TemplateProcessing",
          "single": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "SpecialToken": { "id": "[SEP]", "type_id": 2 } }],
          "pair": [{ "Sequence": { "id": "B", "type_id": 1 } }, { "SpecialToken": { "id": "[SEP]", "type_id": 2 } },
                   { "Sequence": { "id": "A", "type_id": 0 } }],
          "special_tokens": { "[SEP]": { "id": "[SEP]", "ids": [3, 10], "tokens": ["[SEP]", "."] } } }
        """;

    [TestMethod]
    [DataRow("null", "6/0", "6/0 9/1")]
    [DataRow("""{ "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] }""", "2/0 6/0 3/0", "2/0 6/0 3/0 9/1 3/1")]
    [DataRow("""{ "type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] }""", "2/0 6/0 3/0", "2/0 6/0 3/0 3/0 9/0 3/0")]
    [DataRow(Template, "6/0 3/2 10/2", "9/1 3/2 10/2 6/0")]
    [DataRow(
        """{ "type": "Sequence", "processors": [{ "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] }] }""",
        "2/0 6/0 3/0", "2/0 6/0 3/0 9/1 3/1")]
    public void Templates_place_sequences_and_special_tokens(string processor, string single, string pair)
    {
        var tokenizer = TinyTokenizer.Load(json => json["post_processor"] = JsonNode.Parse(processor));
        Assert.AreEqual(single, Format(tokenizer.Encode("sea")));
        Assert.AreEqual(pair, Format(tokenizer.Encode("sea", "calm")));
    }

    [TestMethod]
    [DataRow(true, 4)]
    [DataRow(false, 3)]
    public void Offsets_are_trimmed_on_request(bool trim, int start)
    {
        var tokenizer = TinyTokenizer.Load(json =>
        {
            json["added_tokens"]![4]!["lstrip"] = true;
            json["post_processor"] = JsonNode.Parse($$"""
                { "type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2],
                  "trim_offsets": {{(trim ? "true" : "false")}}, "add_prefix_space": false }
                """);
        });
        Assert.AreEqual((start, 10), tokenizer.Encode("sea [MASK]").Offsets[2]);
    }

    [TestMethod]
    [DataRow(" [MASK]", 0, 7)]
    [DataRow("   [MASK]", 3, 9)]
    [DataRow("[MASK]", 0, 6)]
    public void One_leading_space_may_be_a_prepended_one(string text, int start, int end)
    {
        var tokenizer = TinyTokenizer.Load(json =>
        {
            json["added_tokens"]![4]!["lstrip"] = true;
            json["post_processor"] = JsonNode.Parse("""{ "type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2], "add_prefix_space": true }""");
        });
        Assert.AreEqual((start, end), tokenizer.Encode(text).Offsets[1]);
    }

    private static string Format(TokenEncoding encoding) => string.Join(' ', encoding.Ids.Zip(encoding.TypeIds, (id, type) => $"{id}/{type}"));
}
