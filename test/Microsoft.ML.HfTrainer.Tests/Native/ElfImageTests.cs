using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public sealed class ElfImageTests
{
    private const string Version = "GLIBCXX_3.4.32", Symbol = "_ZSt21ios_base_library_initv", Substitute = "getppid";

    private static readonly byte[] _original = NativeFile.Read();

    [TestMethod]
    public void ReadsNeededVersions() => Assert.Contains(Version, new ElfImage(_original).NeededVersions);

    [TestMethod]
    public void ReplacesTheSymbolAndNothingElse()
    {
        var image = Copy();
        Assert.IsTrue(new ElfImage(image).ReplaceVersionedSymbol(Version, Symbol, Substitute));

        // The name, the version that it is bound to, and the flag of the need.
        var changed = Enumerable.Range(0, image.Length).Count(i => image[i] != _original[i]);
        Assert.IsInRange(Substitute.Length, Symbol.Length + 4, changed);
    }

    [TestMethod]
    public void SecondCallChangesNothing()
    {
        var image = Copy();
        var elf = new ElfImage(image);
        Assert.IsTrue(elf.ReplaceVersionedSymbol(Version, Symbol, Substitute));
        var once = (byte[])image.Clone();
        Assert.IsFalse(elf.ReplaceVersionedSymbol(Version, Symbol, Substitute));
        CollectionAssert.AreEqual(once, image);
    }

    [TestMethod]
    [DataRow("GLIBCXX_9.9.99", Symbol, Substitute, DisplayName = "no such version")]
    [DataRow(Version, "_ZSt4cout", Substitute, DisplayName = "another symbol")]
    [DataRow("GLIBCXX_3.4", Symbol, Substitute, DisplayName = "many symbols of the version")]
    [DataRow(Version, Symbol, "a_function_with_a_name_longer_than_that", DisplayName = "substitute too long")]
    public void RefusesWhatItCannotReplace(string version, string symbol, string substitute)
    {
        var image = Copy();
        Assert.IsFalse(new ElfImage(image).ReplaceVersionedSymbol(version, symbol, substitute));
        CollectionAssert.AreEqual(_original, image);
    }

    [TestMethod]
    public void AnotherFileIsNoLibrary() => Assert.ThrowsExactly<BadImageFormatException>(() => new ElfImage(new byte[4096]));

    [TestMethod]
    [DataRow(0)]
    [DataRow(63)]
    [DataRow(64)]
    [DataRow(200)]
    [DataRow(100_000)]
    [DataRow(1_000_000)]
    public void TruncatedFileIsNamedAsSuch(int length) => Assert.ThrowsExactly<BadImageFormatException>(() => Mend(_original[..length]));

    [TestMethod]
    public void DamagedFileIsNeverReadOutside()
    {
        var random = new Random(42);
        // The parts that are read: headers, the ends of the symbols and strings, the versions, and the dynamic section.
        var dynamic = _original.Length - 40_000;
        (int Start, int Length)[] parts = [(0, 640), (0x3880, 4096), (0x16760, 4096), (0x3dfae, 0x1c00), (dynamic, 40_000)];
        for (var round = 0; round < 400; round++)
        {
            var image = Copy();
            var (start, length) = parts[round % parts.Length];
            for (var i = 0; i < 40; i++)
                image[start + random.Next(length)] = (byte)random.Next(256);
            try
            {
                Mend(image);
            }
            catch (BadImageFormatException)
            {
            }
        }
    }

    private static void Mend(byte[] image)
    {
        var elf = new ElfImage(image);
        _ = elf.NeededVersions.Count();
        elf.ReplaceVersionedSymbol(Version, Symbol, Substitute);
    }

    private static byte[] Copy() => (byte[])_original.Clone();
}
