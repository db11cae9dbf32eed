using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

/// <summary>What a tokenizer class decides against or beside its files, as in Hugging Face Transformers 5.24.</summary>
[TestClass]
public class ClassDefaultsTests
{
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
