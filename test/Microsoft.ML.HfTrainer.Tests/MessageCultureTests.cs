using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Numbers in messages are written alike everywhere, as in code and files.</summary>
[TestClass]
public sealed class MessageCultureTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    [TestInitialize]
    public void WriteDecimalCommas()
    {
        // As in German, also where the system knows no cultures.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = culture;
    }

    [TestCleanup]
    public void CleanUp() => CultureInfo.CurrentCulture = _before;

    [TestMethod]
    public void NumbersInMessagesHaveDecimalPoints()
    {
        AssertSays("MlmProbability is 1.5;", () => _ml.HfTrainer.MaskedLM(new() { MlmProbability = 1.5 }));
        AssertSays("Threshold is 1.5;", () => _ml.HfTrainer.SequenceClassification(new SequenceClassificationOptions { Threshold = 1.5f }));
        AssertSays("A testShare of 1.5 leaves", () => TinyBert.Data(4).Split(1.5));
        AssertSays("EarlyStoppingCallback is -0.5;", () => _ = new EarlyStoppingCallback(1, -0.5));
        AssertSays("LearningRate is -0.5;", () => new TrainingArguments { LearningRate = -0.5 }.Validate());
        AssertSays("does not hold 1,200 numbers", () => _ = new Feature((ReadOnlyMemory<int>)new int[1200], 7));
    }

    private static void AssertSays(string expected, Action action) => Assert.Contains(expected, Assert.Throws<ArgumentException>(action).Message);
}
