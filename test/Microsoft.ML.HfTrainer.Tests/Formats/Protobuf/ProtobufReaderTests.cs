using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;

[TestClass]
public class ProtobufReaderTests
{
    [TestMethod]
    public void Fields_come_in_their_order_whatever_their_kind()
    {
        var bytes = new ProtobufBytes().Number(1, 300).Number(2, -1).Single(3, 1.5f).Text(4, "▁é")
            .Message(500, new ProtobufBytes().Number(7, 1)).Tag(6, 1).Raw(1, 2, 3, 4, 5, 6, 7, 8).Number(8, 0).ToArray();
        var reader = new ProtobufReader(bytes);
        var seen = new List<string>();
        while (reader.Read())
        {
            seen.Add(reader.Field switch
            {
                1 or 2 => $"{reader.AsInt32()}",
                3 => FormattableString.Invariant($"{reader.AsSingle()}"),
                4 => reader.AsText(),
                500 => Nested(reader.AsMessage()),
                8 => $"{reader.AsFlag()}",
                _ => "passed over",
            });
        }
        Assert.AreEqual("300 -1 1.5 ▁é 7=True passed over False", string.Join(' ', seen));
    }

    [TestMethod]
    [DataRow("byte 0 begins a value of 5 bytes, of which 1 are there", new byte[] { 0x0A, 5, 1 })]
    [DataRow("byte 0 begins a value of 18446744073709551615 bytes", new byte[] { 0x0A, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [DataRow("byte 0 begins a number of more than 10 bytes", new byte[] { 0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [DataRow("byte 2 begins a value of 1 bytes, of which 0 are there", new byte[] { 0x08, 1, 0x08 })]
    [DataRow("byte 0 begins a value of 4 bytes, of which 1 are there", new byte[] { 0x0D, 1 })]
    [DataRow("byte 0 begins the wire type 3", new byte[] { 0x0B })]
    [DataRow("byte 0 begins the wire type 7", new byte[] { 0x0F })]
    [DataRow("byte 0 begins the field number 0", new byte[] { 0x00 })]
    [DataRow("byte 0 begins the field number 536870912", new byte[] { 0x80, 0x80, 0x80, 0x80, 0x10 })]
    public void Damaged_and_hostile_messages_are_refused(string why, byte[] bytes) =>
        Assert.Contains(why, Assert.ThrowsExactly<InvalidDataException>(() => ReadAll(bytes)).Message);

    [TestMethod]
    public void A_field_of_another_kind_is_refused_with_its_place_in_the_file()
    {
        var bytes = new ProtobufBytes().Text(1, "ab").Message(2, new ProtobufBytes().Single(3, 1)).ToArray();
        var message = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            var reader = new ProtobufReader(bytes);
            reader.Read();
            reader.Read();
            var inner = reader.AsMessage();
            inner.Read();
            inner.AsInt32();
        }).Message;
        Assert.Contains("field 3 at byte 6 is a Fixed32, where a Varint belongs", message);
    }

    [TestMethod]
    public void Text_that_is_not_utf8_is_refused() => Assert.Contains("field 1 at byte 0 is not UTF-8", Assert.ThrowsExactly<InvalidDataException>(() =>
    {
        var reader = new ProtobufReader([0x0A, 1, 0xFF]);
        reader.Read();
        reader.AsText();
    }).Message);

    private static string Nested(ProtobufReader message) => message.Read() ? $"{message.Field}={message.AsFlag()}" : "empty";

    private static void ReadAll(byte[] bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
            continue;
    }
}
