using Microsoft.ML.HfTrainer.Generation;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

[TestClass]
public sealed class TextBeforeStopTests
{
    [TestMethod]
    [DataRow("one two three", "one two three", false)]
    [DataRow("one END two", "one ", true)]
    [DataRow("one EN two E", "one EN two E", false)]
    [DataRow("one EEND", "one E", true)]
    [DataRow("xx</s>END", "xx", true)]
    [DataRow("END", "", true)]
    public void TextInPiecesEndsBeforeTheFirstStopString(string text, string expected, bool stops)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var filter = new TextBeforeStop(["END", "</s>"]);
            var found = string.Concat(text.Chunk(size).Select(piece => filter.Add(new string(piece)))) + filter.End();
            Assert.AreEqual(expected, found, $"pieces of {size}");
            Assert.AreEqual(stops, filter.IsStopped);
        }
    }

    [TestMethod]
    public void OnlyTextThatMayBecomeAStopStringIsHeldBack()
    {
        var filter = new TextBeforeStop(["END"]);
        Assert.AreEqual("text ", filter.Add("text E"));
        Assert.AreEqual("EM", filter.Add("M"));
    }
}
