using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

/// <summary>What a tokenizer class decides against or beside its files, as in Hugging Face Transformers 5.24.</summary>
[TestClass]
public class ClassDefaultsTests
{
    // hello Hello world ##s é e: 5 to 10.
    private const string Cased = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nHello\nworld\n##s\né\ne\n";
    private const string Upper = "2 6 5 9 1 7 3", Lower = "2 5 5 10 1 7 3", NoSpaces = "2 5 5 10 1 3";

    [TestMethod]
    [DataRow("BertTokenizer", true, "", Lower)]
    [DataRow("BertTokenizer", true, """ "do_lower_case": false """, Upper)]
    [DataRow("BertTokenizer", false, "", Lower)]
    [DataRow("BertTokenizerFast", false, """ "do_lower_case": true """, Lower)]
    [DataRow("BertTokenizerFast", false, """ "do_lower_case": false """, Upper)]
    [DataRow("DistilBertTokenizer", true, """ "do_lower_case": false """, Upper)]
    [DataRow("ElectraTokenizer", false, """ "strip_accents": true """, Lower)]
    [DataRow("BertTokenizer", true, """ "tokenize_chinese_chars": false """, NoSpaces)]
    [DataRow("PreTrainedTokenizerFast", true, """ "do_lower_case": false """, Lower)]
    [DataRow("PreTrainedTokenizerFast", false, """ "do_lower_case": true """, Upper)]
    [DataRow("PreTrainedTokenizerFast", true, """ "tokenize_chinese_chars": false """, Lower)]
    [DataRow(null, true, """ "do_lower_case": false """, Upper)]
    [DataRow(null, false, """ "do_lower_case": true """, Lower)]
    public void The_normalizer_of_tokenizer_json_counts_where_the_class_makes_none(string? name, bool lowercase, string configuration, string expected)
    {
        string[] fields = [.. new[] { name is null ? "" : $"\"tokenizer_class\": \"{name}\"", configuration }.Where(field => field.Length > 0)];
        var tokenizer = TinyTokenizer.Load(json =>
        {
            json["normalizer"]!["lowercase"] = lowercase;
            json["model"]!["vocab"] = new System.Text.Json.Nodes.JsonObject(Cased.TrimEnd().Split('\n').Select((token, id) => KeyValuePair.Create(token, (System.Text.Json.Nodes.JsonNode?)id)));
        }, $"{{ {string.Join(',', fields)} }}");
        Assert.AreEqual(expected, string.Join(' ', tokenizer.Encode("Hello hello é 世world").Ids));
    }

    [TestMethod]
    [DataRow("", "", true)]
    [DataRow(""" "mask_token": "<mask>" """, "", true)]
    [DataRow(""" "mask_token": { "content": "<mask>", "lstrip": false } """, "", false)]
    [DataRow(""" "mask_token": { "content": "<mask>", "lstrip": false } """, """{ "mask_token": "<mask>" }""", true)]
    [DataRow(""" "mask_token": "<mask>" """, """{ "mask_token": { "content": "<mask>", "lstrip": false } }""", false)]
    [DataRow(""" "added_tokens_decoder": { "7": { "content": "<mask>", "lstrip": false, "special": true } } """, "", false)]
    [DataRow(""" "added_tokens_decoder": { "7": { "content": "<mask>", "lstrip": true, "special": true } } """, "", true)]
    public void The_mask_token_of_MPNet_takes_the_space_before_it_unless_a_file_gives_it_flags(string configuration, string map, bool takesSpace)
    {
        foreach (var name in new[] { "MPNetTokenizer", "MPNetTokenizerFast", "CamembertTokenizer", "MBartTokenizer", "BertTokenizer" })
        {
            var files = TinyTokenizer.TextFiles("<s>\n<pad>\n</s>\n<unk>\n[UNK]\nhello\nworld\n<mask>\n", $$"""{ "tokenizer_class": "{{name}}"{{(configuration.Length == 0 ? "" : "," + configuration)}} }""");
            if (map.Length > 0)
                files["special_tokens_map.json"] = Encoding.UTF8.GetBytes(map);
            var tokens = DeclaredTokens.Read(new TokenizerFiles("tiny", files), TokenizerClass.Find("MPNetTokenizer").SpecialTokens, []);
            var isNamed = configuration.Contains("added_tokens_decoder", StringComparison.Ordinal);
            Assert.AreEqual(takesSpace && (isNamed || name != "BertTokenizer"), tokens.Single(token => token.Content == "<mask>").LeftStrip, name);
            Assert.IsTrue(tokens.Where(token => token.Content != "<mask>").All(token => !token.LeftStrip));
        }
    }
}
