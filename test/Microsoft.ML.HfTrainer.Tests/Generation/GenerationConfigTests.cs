using System.Text;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

[TestClass]
public class GenerationConfigTests
{
    private static readonly string _folder = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", "gpt2.causal-lm");

    [TestMethod]
    public void Settings_are_written_under_their_names_and_read_again()
    {
        var config = new GenerationConfig
        {
            MaxNewTokens = 5, DoSample = true, Temperature = 0.5, EosTokenIds = [3, 4], ForcedEosTokenIds = [2], EarlyStopping = EarlyStopping.Never, StopStrings = ["a"], BadWordsIds = [[1, 2], [3]],
            SequenceBias = [new([1, 2], -1.5)], ExponentialDecayLengthPenalty = (3, 1.1), SuppressTokens = [7],
        };
        var text = Encoding.UTF8.GetString(config.ToJson());
        foreach (var field in new[] { "\"max_new_tokens\": 5", "\"do_sample\": true", "\"temperature\": 0.5", "\"forced_eos_token_id\": 2,", "\"early_stopping\": \"never\"" })
            Assert.Contains(field, text);
        var again = GenerationConfig.Parse("again", config.ToJson());
        CollectionAssert.AreEqual(new[] { 3, 4 }, again.EosTokenIds!.ToArray());
        CollectionAssert.AreEqual(new[] { 2 }, again.ForcedEosTokenIds!.ToArray());
        CollectionAssert.AreEqual(new[] { 7 }, again.SuppressTokens!.ToArray());
        CollectionAssert.AreEqual(new[] { "a" }, again.StopStrings!.ToArray());
        Assert.AreEqual("1 2, 3", string.Join(", ", again.BadWordsIds!.Select(word => string.Join(' ', word))));
        Assert.AreEqual(-1.5, again.SequenceBias!.Single().Bias);
        Assert.AreEqual((3, 1.1), again.ExponentialDecayLengthPenalty);
        Assert.AreEqual(EarlyStopping.Never, again.EarlyStopping);
        Assert.AreEqual(true, again.DoSample);
        config.MaxNewTokens = null;
        Assert.DoesNotContain("max_new_tokens", Encoding.UTF8.GetString(config.ToJson()));
    }

    [TestMethod]
    [DataRow("true", EarlyStopping.True)]
    [DataRow("false", EarlyStopping.False)]
    [DataRow("\"never\"", EarlyStopping.Never)]
    [DataRow("null", null)]
    public void Early_stopping_has_three_values(string json, EarlyStopping? expected) => Assert.AreEqual(expected, Parse($$"""{ "early_stopping": {{json}} }""").EarlyStopping);

    [TestMethod]
    [DataRow("{ \"early_stopping\": \"soon\" }", "\"early_stopping\" is \"soon\"; it should be true, false or \"never\".")]
    [DataRow("{ \"eos_token_id\": [1, \"x\"] }", "\"eos_token_id\" has \"x\"; it should be a list of token ids.")]
    [DataRow("{ \"max_length\": 2.5 }", "\"max_length\" is 2.5; it should be a whole number.")]
    [DataRow("{ \"bad_words_ids\": [3] }", "it should be a list of lists of token ids.")]
    [DataRow("{ \"exponential_decay_length_penalty\": [3] }", "it should be a list of a number of tokens and a factor.")]
    public void A_setting_of_another_type_is_named_with_its_file(string json, string message)
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => Parse(json));
        Assert.Contains(message, failure.Message);
        Assert.Contains("some.json", failure.Message);
    }

    [TestMethod]
    public void The_settings_of_a_folder_are_those_of_its_file_or_of_its_configuration()
    {
        Assert.AreEqual(1, GenerationConfig.FromPretrained(_folder).EosTokenIds!.Single());
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], """{ "model_type": "gpt2", "eos_token_id": 9, "max_length": 30, "vocab_size": 10 }""");
        var config = GenerationConfig.FromPretrained(folder.Path);
        Assert.AreEqual(9, config.EosTokenIds!.Single());
        Assert.AreEqual(30, config.MaxLength);
        Assert.DoesNotContain("vocab_size", Encoding.UTF8.GetString(config.ToJson()));
    }

    [TestMethod]
    public void The_settings_of_a_model_are_saved_with_it()
    {
        using var folder = new TemporaryFolder();
        using (var model = AutoModelForCausalLM.FromPretrained(_folder))
        {
            model.GenerationConfig.NumBeams = 4;
            model.SavePretrained(folder.Path);
        }
        var saved = GenerationConfig.FromPretrained(folder.Path);
        Assert.AreEqual(4, saved.NumBeams);
        Assert.AreEqual(1, saved.EosTokenIds!.Single());
        Assert.AreEqual("5.24.0", saved.GetString("transformers_version"));
    }

    [TestMethod]
    public void A_call_changes_no_settings()
    {
        using var model = TinyDecoder.Model();
        using var ids = TinyDecoder.Ids([1]);
        var config = new GenerationConfig { MaxNewTokens = 2 };
        var (before, ofModel) = (Encoding.UTF8.GetString(config.ToJson()), Encoding.UTF8.GetString(model.GenerationConfig.ToJson()));
        model.Generate(ids, config: config).Dispose();
        Assert.AreEqual(before, Encoding.UTF8.GetString(config.ToJson()));
        Assert.AreEqual(ofModel, Encoding.UTF8.GetString(model.GenerationConfig.ToJson()));
    }

    private static GenerationConfig Parse(string json) => GenerationConfig.Parse("some.json", Encoding.UTF8.GetBytes(json));
}
