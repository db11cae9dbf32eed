using System.Numerics;
using Microsoft.ML.HfTrainer.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Pickle;

[TestClass]
public sealed class PickleReaderTests
{
    [TestMethod]
    public void ReadsNumbersTextsAndCollections()
    {
        var bytes = new PickleBytes().Op("(").Op("N").Op([0x88, 0x89]).Op("K").Op([7]).Op("M").Op([1, 2]).Number(-5)
            .Op([0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1]).Op("G").Op([0x3f, 0xf8, 0, 0, 0, 0, 0, 0]).Text("é").Op("]").Op("(").Number(1).Number(2).Op("e").Op("t").Stop();

        var tuple = (PickleTuple)Read(bytes)!;

        CollectionAssert.AreEqual(new object?[] { null, true, false, 7L, 513L, -5L, BigInteger.Pow(2, 64), 1.5, "é" }, tuple.Items.Take(9).ToList());
        CollectionAssert.AreEqual(new object?[] { 1L, 2L }, (List<object?>)tuple.Items[9]!);
    }

    [TestMethod]
    public void ReadsDictionariesInTheirOrderAndRemembersValues()
    {
        var bytes = new PickleBytes().Op("}").Op("q").Op([0]).Op("(").Text("b").Op("q").Op([1]).Number(1).Number(3).Op("h").Op([1]).Op("u").Op("h").Op([0]).Op([0x86]).Stop();

        var items = ((PickleTuple)Read(bytes)!).Items;

        Assert.AreSame(items[0], items[1]);
        Assert.AreEqual("b=1,3=b", string.Join(',', ((PickleDictionary)items[0]!).Items.Select(i => $"{i.Key}={i.Value}")));
    }

    [TestMethod]
    public void ANameThatIsNotAllowedIsRefusedBeforeAnythingIsCalled()
    {
        var bytes = new PickleBytes().Global("posix", "system").Text("touch /tmp/never").Op([0x85]).Op("R").Stop();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes)).Message, "posix.system");
    }

    [TestMethod]
    [DataRow("ends", new byte[] { (byte)'X', 255, 255, 255, 127, (byte)'a' })]
    [DataRow("ends", new byte[] { (byte)'(' })]
    [DataRow("asked for where there is none", new byte[] { (byte)'0', (byte)'.' })]
    [DataRow("asked for where there is none", new byte[] { (byte)'N', (byte)'(', (byte)'0', (byte)'.' })]
    [DataRow("never began", new byte[] { (byte)'t', (byte)'.' })]
    [DataRow("before it is there", new byte[] { (byte)'h', 3, (byte)'.' })]
    [DataRow("no list", new byte[] { (byte)'N', (byte)'N', (byte)'a', (byte)'.' })]
    [DataRow("no value", new byte[] { (byte)'}', (byte)'(', (byte)'K', 1, (byte)'u', (byte)'.' })]
    [DataRow("keys are", new byte[] { (byte)'}', (byte)'N', (byte)'N', (byte)'s', (byte)'.' })]
    [DataRow("0x69", new byte[] { (byte)'i', (byte)'.' })]
    [DataRow("bytes; at most", new byte[] { 0x8b, 0, 0, 0, 16, (byte)'.' })]
    public void DamagedAndHostileBytesAreRefused(string why, byte[] bytes) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes)).Message, why);

    [TestMethod]
    public void DepthTakesNoStackAndValuesAreCounted()
    {
        var deep = new byte[200_001];
        deep.AsSpan().Fill((byte)']');
        for (var i = 100_000; i < 200_000; i++)
            deep[i] = (byte)'a';
        // One list is left open by the last append, and ends the pickle.
        deep[199_999] = deep[200_000] = (byte)'.';
        Assert.IsInstanceOfType<List<object?>>(Read(deep));

        var many = new byte[9_000_000];
        many.AsSpan().Fill((byte)')');
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Read(many)).Message, "values");
    }

    [TestMethod]
    public void ArgumentsOfCallsAreCountedWithoutOverflow()
    {
        // 512 references to one text of 2^23 characters: their sum is 2^32.
        var bytes = new PickleBytes().Text(new string('a', 1 << 23)).Op("q").Op([0]).Op("0").Global("collections", "OrderedDict").Op("(");
        for (var i = 0; i < 512; i++)
            bytes.Op("h").Op([0]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes.Op("tR").Stop(), new Copies())).Message, "more than");
    }

    [TestMethod]
    public void TextsThatCallsEncodeAreCounted()
    {
        var host = new Copies();
        var bytes = new PickleBytes().Text(new string('a', 1 << 20)).Op("q").Op([0]).Op("0]");
        for (var i = 0; i < 16; i++)
            bytes.Global("_codecs", "encode").Op("h").Op([0]).Text("latin1").Op([0x86]).Op("Ra");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes.Stop(), host)).Message, "more than");
        Assert.IsLessThan(9, host.Calls);
    }

    private sealed class Copies : IPickleHost
    {
        public int Calls { get; private set; }

        public PickleGlobal Allow(string module, string name) => new(module, name);

        public object? Call(PickleGlobal callee, PickleTuple arguments)
        {
            Calls++;
            return null;
        }

        public object? Persistent(object? id) => null;
    }

    [TestMethod]
    public void AValueThatHoldsItselfBecomesNoEndlessText()
    {
        var list = new List<object?>();
        list.AddRange([list, list]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PickleJson.Of(list)).Message, "too deep");
        object? wide = 1L;
        for (var i = 0; i < 20; i++)
            wide = new List<object?> { wide, wide, wide, wide };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PickleJson.Of(wide)).Message, "too large");
    }

    [TestMethod]
    public void ALongTextInManyPlacesIsCharged()
    {
        var text = new string('x', 1 << 20);
        Assert.IsNotNull(PickleJson.Of(new List<object?>(Enumerable.Repeat(text, 16))));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PickleJson.Of(new List<object?>(Enumerable.Repeat(text, 128)))).Message, "too large");
        var keyed = new PickleDictionary();
        keyed.Set(text, 1L);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PickleJson.Of(new List<object?>(Enumerable.Repeat(keyed, 128)))).Message, "too large");
    }

    private static object? Read(byte[] bytes, IPickleHost? host = null) => PickleReader.Read(bytes, host ?? new NoHost(), out _);

    private sealed class NoHost : IPickleHost
    {
        public PickleGlobal Allow(string module, string name) => throw new InvalidDataException($"{module}.{name}");

        public object? Call(PickleGlobal callee, PickleTuple arguments) => throw new InvalidOperationException();

        public object? Persistent(object? id) => throw new InvalidOperationException();
    }
}
