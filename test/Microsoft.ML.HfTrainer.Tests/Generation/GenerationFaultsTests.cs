using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>Settings that are out of range, that contradict each other, or that are not supported.</summary>
[TestClass]
public class GenerationFaultsTests
{
    public static IEnumerable<object[]> Wrong =>
    [
        [new GenerationConfig { MaxNewTokens = 0 }, "MaxNewTokens is 0; it should be at least 1."],
        [new GenerationConfig { DoSample = true, Temperature = 0 }, "Temperature is 0; it should be above 0; for the most probable tokens set DoSample to false."],
        [new GenerationConfig { DoSample = true, TopP = 1.5 }, "TopP is 1.5; it should be from 0 to 1."],
        [new GenerationConfig { RepetitionPenalty = -1 }, "RepetitionPenalty is -1; it should be above 0."],
        [new GenerationConfig { StopStrings = [""] }, "StopStrings is a list with an empty text"],
        [new GenerationConfig { Temperature = 0.7 }, "Temperature is 0.7 and DoSample is false: Temperature applies to sampling alone. Set DoSample to true, or leave Temperature out."],
        [new GenerationConfig { DoSample = false, TopK = 5 }, "TopK is 5 and DoSample is false"],
        [new GenerationConfig { LengthPenalty = 2 }, "LengthPenalty is 2 and NumBeams is 1: LengthPenalty applies to beam search alone."],
        [new GenerationConfig { EarlyStopping = EarlyStopping.Never }, "EarlyStopping is Never and NumBeams is 1"],
        [new GenerationConfig { NumReturnSequences = 2 }, "NumReturnSequences is 2, NumBeams is 1 and DoSample is false"],
        [new GenerationConfig { NumBeams = 2, NumReturnSequences = 3 }, "NumReturnSequences is 3 and NumBeams is 2: there are no more sequences than beams."],
        [new GenerationConfig { MaxNewTokens = 2, MaxLength = 5 }, "MaxNewTokens is 2 and MaxLength is 5: both limit the same."],
        [new GenerationConfig { MinNewTokens = 3, MaxNewTokens = 2 }, "MinNewTokens is 3 and MaxNewTokens is 2: the minimum is above the maximum."],
        [new GenerationConfig { MinNewTokens = 5, MaxLength = 5 }, "MinNewTokens is 5 and MaxLength is 5, in which the tokens before the new ones count too"],
        [new GenerationConfig { MinLength = 3, MaxLength = 2 }, "MinLength is 3 and MaxLength is 2: the minimum is above the maximum."],
        [new GenerationConfig { ForcedBosTokenId = 4, SuppressTokens = [4, 5] }, "ForcedBosTokenId is 4 and SuppressTokens has it too"],
        [new GenerationConfig { SuppressTokens = [11] }, "SuppressTokens has the token id 11; it should be from 0 to 10, the ids of the model."],
        [new GenerationConfig { BadWordsIds = [[-1]] }, "BadWordsIds has the token id -1"],
        [new GenerationConfig { BadWordsIds = [[]] }, "BadWordsIds has an empty sequence"],
        [new GenerationConfig { StopStrings = ["."] }, "StopStrings needs the model's tokenizer in GenerationOptions.Tokenizer."],
    ];

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void A_fault_names_the_settings_and_what_would_be_right(GenerationConfig config, string message) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() => Generate(config)).Message);

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_refused_where_it_is_set(double number)
    {
        void Refused(string name, Action<GenerationConfig> set) =>
            Assert.StartsWith(FormattableString.Invariant($"{name} is {number}; it should be a finite number."), Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => set(new())).Message);
        Refused("Temperature", config => config.Temperature = number);
        Refused("SequenceBias", config => config.SequenceBias = [new([1], number)]);
        Refused("ExponentialDecayLengthPenalty", config => config.ExponentialDecayLengthPenalty = (1, number));
    }

    [TestMethod]
    public void All_faults_are_named_at_once()
    {
        var message = Assert.ThrowsExactly<ArgumentException>(() => Generate(new() { MaxNewTokens = 0, Temperature = 0.7, NumReturnSequences = 2, LengthPenalty = 2 })).Message;
        Assert.StartsWith("The generation settings have 4 faults:\n- MaxNewTokens", message);
        foreach (var name in new[] { "Temperature is 0.7", "NumReturnSequences is 2", "LengthPenalty is 2" })
            Assert.Contains(name, message);
    }

    // What a model says about sampling does not stand against a call without it.
    [TestMethod]
    public void Settings_of_the_model_do_not_contradict_those_of_a_call()
    {
        using var model = TinyDecoder.Model();
        using var ids = TinyDecoder.Ids([3, 1]);
        model.GenerationConfig = new() { DoSample = true, Temperature = 0.6, TopP = 0.9, MaxLength = 90, EosTokenIds = [0] };
        using var output = model.Generate(ids, config: new() { DoSample = false, MaxNewTokens = 2, SuppressTokens = [0] });
        Assert.AreEqual(4, output.Sequences.shape[1]);
    }

    [TestMethod]
    public void Ways_to_generate_that_are_not_supported_are_named()
    {
        var config = GenerationConfig.Parse("some.json", Encoding.UTF8.GetBytes("""{ "guidance_scale": 1.5, "penalty_alpha": 0.6, "num_beam_groups": 1, "output_attentions": false }"""));
        var message = Assert.ThrowsExactly<NotSupportedException>(() => Generate(config)).Message;
        Assert.Contains("\"guidance_scale\" 1.5, \"penalty_alpha\" 0.6", message);
        Assert.DoesNotContain("num_beam_groups", message);
    }

    private static void Generate(GenerationConfig config)
    {
        using var model = TinyDecoder.Model();
        using var ids = TinyDecoder.Ids([3, 1]);
        model.Generate(ids, config: config).Dispose();
    }
}
