using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.PreTokenizers;

[TestClass]
public class ByteLevelTests
{
    [TestMethod]
    [DataRow("""{ "type": "ByteLevel", "add_prefix_space": true }""", "é \U0001F642x", "ĠÃ©0-1|ĠðŁĻĤ1-4|x4-5")]
    [DataRow("""{ "type": "ByteLevel", "add_prefix_space": true }""", "\U0001F642", "ĠðŁĻĤ0-2")]
    [DataRow("""{ "type": "ByteLevel", "add_prefix_space": true }""", " a", "Ġa0-2")]
    [DataRow("""{ "type": "ByteLevel", "add_prefix_space": false, "use_regex": false }""", "aé b", "aÃ©Ġb0-4")]
    [DataRow("""{ "type": "Sequence", "pretokenizers": [{ "type": "ByteLevel", "add_prefix_space": false }, { "type": "Digits", "individual_digits": true }] }""",
        "é 12a½", "Ã©0-1|Ġ1-2|12-3|23-4|a4-5|Â5-6|½5-6")]
    public void Words_are_converted_to_the_byte_level_alphabet(string part, string text, string words) =>
        Assert.AreEqual(words, PartText.Split(part, text, offsets: true));

    [TestMethod]
    public void A_sequence_without_its_byte_step_keeps_the_words_unchanged()
    {
        var sequence = """{ "type": "Sequence", "pretokenizers": [{ "type": "Digits" }, { "type": "ByteLevel", "add_prefix_space": false }] }""";
        var part = (IByteLevelPreTokenizer)PartText.Read(TokenizerParts.PreTokenizers, sequence);
        Assert.IsTrue(part.EndsInBytes);
        Assert.IsInstanceOfType<PreTokenizerSequence>(part.WithoutBytes);
        var single = """{ "type": "Sequence", "pretokenizers": [{ "type": "Digits" }, { "type": "ByteLevel", "add_prefix_space": false, "use_regex": false }] }""";
        Assert.IsInstanceOfType<Digits>(((IByteLevelPreTokenizer)PartText.Read(TokenizerParts.PreTokenizers, single)).WithoutBytes);
        var other = """{ "type": "Sequence", "pretokenizers": [{ "type": "ByteLevel" }, { "type": "Digits" }] }""";
        Assert.IsFalse(((IByteLevelPreTokenizer)PartText.Read(TokenizerParts.PreTokenizers, other)).EndsInBytes);
    }
}
