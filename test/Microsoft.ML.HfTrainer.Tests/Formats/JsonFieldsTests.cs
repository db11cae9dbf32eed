using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class JsonFieldsTests
{
    [TestMethod]
    public void ANumberIsReadInWhateverTypeItWasSet()
    {
        var fields = Read("{}");
        fields.Set("p", 0);
        Assert.AreEqual(0, fields.GetDouble("p", 1));
        Assert.AreEqual(0, fields.GetProbability("p", 1));
        fields.Set("n", 3L);
        Assert.AreEqual(3, fields.GetInt("n"));
        fields.Set("list", new JsonArray(1, 2.5, 3L));
        CollectionAssert.AreEqual(new[] { 1, 2.5, 3 }, fields.GetNumbers("list")!.ToList());
    }

    [TestMethod]
    [DataRow("1.5", "is 1.5; it should be a whole number")]
    [DataRow("\"1\"", "is \"1\"; it should be a whole number")]
    [DataRow("3000000000", "is 3000000000; it should be a whole number")]
    [DataRow("-3", "is -3; it should be a number above 0")]
    [DataRow("null", "is missing; it should be a whole number")]
    public void AWrongValueNamesTheFileAndTheField(string value, string message) =>
        Assert.AreEqual($"here: the field \"size\" {message}.", Assert.ThrowsExactly<InvalidDataException>(() => Read($$"""{ "size": {{value}} }""").GetSize("size")).Message);

    [TestMethod]
    public void ASectionNamesWhereItIs()
    {
        var section = Read("""{ "rope": { "type": 1 } }""").Section("rope")!;
        Assert.Contains("here: in \"rope\": the field \"type\"", Assert.ThrowsExactly<InvalidDataException>(() => section.GetString("type")).Message);
    }

    [TestMethod]
    [DataRow("[]", "not a JSON object")]
    [DataRow("{", "not valid JSON (line 1, byte 2)")]
    [DataRow("""{ "a": 1, "a": 2 }""", "not valid JSON")]
    [DataRow("""{ "a": "\ud800" }""", "string at byte 7 that is not valid Unicode")]
    public void ATextThatIsNoObjectIsRefused(string json, string message)
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => Read(json)).Message;
        Assert.StartsWith("here: ", failure);
        Assert.Contains(message, failure);
    }

    private static JsonFields Read(string json) => JsonFields.Read("here", Encoding.UTF8.GetBytes(json));
}
