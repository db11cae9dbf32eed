using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Text;

[TestClass]
public class UnicodeFormTests
{
    // Letters and combining marks, syllables and their parts, compatibility characters, and characters that never change.
    private static readonly string[] Characters =
    [
        "a", "e", "o", " ", "\u0301", "\u0323", "\u0307", "\u0327", "\u0345", "é", "ố", "ǭ", "\u1E9B", "\u212B", "\u2126", "\uFB01", "²", "ｶ", "ﾞ", "カ", "\u3099",
        "각", "가", "\u1100", "\u1161", "\u11A8", "\u11A7", "\u0958", "\u0928", "\u093C", "\u0929", "\u2ADC", "\u0F43", "\U0001D15E", "\U00011099", "\U000110BA", "\U00011347",
        "\U0001133E", "я", "й", "中", "\U0002F800", "\U0001F642", "\uD83D", "\u0378",
    ];

    [TestMethod]
    public void The_forms_agree_with_each_other_on_any_text()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(random.GetItems(Characters, random.Next(1, 9)));
            var (c, d) = (Apply(text, NormalizationForm.FormC), Apply(text, NormalizationForm.FormD));
            Assert.AreEqual(c, Apply(c, NormalizationForm.FormC), text);
            Assert.AreEqual(d, Apply(d, NormalizationForm.FormD), text);
            Assert.AreEqual(c, Apply(d, NormalizationForm.FormC), text);
            Assert.AreEqual(d, Apply(c, NormalizationForm.FormD), text);
            var (kc, kd) = (Apply(text, NormalizationForm.FormKC), Apply(text, NormalizationForm.FormKD));
            Assert.AreEqual(kd, Apply(kc, NormalizationForm.FormKD), text);
            Assert.AreEqual(kc, Apply(kd, NormalizationForm.FormKC), text);
            Assert.AreEqual(kc, Apply(c, NormalizationForm.FormKC), text);
            Assert.AreEqual(kd, Apply(Apply(kd, NormalizationForm.FormD), NormalizationForm.FormKD), text);
        }
    }

    [TestMethod]
    public void Only_combining_neighbors_affect_a_character()
    {
        Assert.AreEqual("x\u00E9 \u1EF5\u0301 각각", Apply("xe\u0301 y\u0301\u0323 \u1100\u1161\u11A8각", NormalizationForm.FormC));
        Assert.AreEqual("\U0001F642\u0301é\U0001F642", Apply("\U0001F642\u0301e\u0301\U0001F642", NormalizationForm.FormC));
        Assert.AreEqual("xe\u0301 “y”", Apply("xé “y”", NormalizationForm.FormD));
    }

    [TestMethod]
    public void Any_number_of_combining_marks_is_sorted()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 300_000));
        Assert.AreEqual("x" + new string('\u0323', 300_000) + new string('\u0301', 300_000), Apply("x" + marks, NormalizationForm.FormD));
    }

    private static string Apply(string text, NormalizationForm form)
    {
        var normalized = new NormalizedText();
        normalized.Reset(text, 0);
        UnicodeForms.Apply(normalized, form);
        return normalized.Chars.ToString();
    }
}
