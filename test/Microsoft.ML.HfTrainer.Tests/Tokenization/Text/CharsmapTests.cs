using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Text;

[TestClass]
public class CharsmapTests
{
    [TestMethod]
    [DataRow("ab", "x")]
    [DataRow("abc", "x")]
    [DataRow("½", "1/2")]
    [DataRow("z", "")]
    [DataRow("a", null)]
    [DataRow("b", null)]
    [DataRow("\0", null)]
    [DataRow("", null)]
    public void The_shortest_key_is_found(string text, string? replacement)
    {
        var map = new Charsmap(CharsmapFile.Make(("ab", "x"), ("abc", "y"), ("½", "1/2"), ("z", "")));
        Assert.AreEqual(replacement, map.TryFind(Encoding.UTF8.GetBytes(text), out var found) ? Encoding.UTF8.GetString(found) : null);
    }

    [TestMethod]
    [DataRow("", "0 bytes")]
    [DataRow("00000000", "0 bytes")]
    [DataRow("0300000000000000", "3 bytes")]
    [DataRow("1000000000000000", "16 bytes")]
    [DataRow("FFFFFFFF00000000", "4294967295 bytes")]
    public void An_impossible_size_is_refused(string table, string message) => AssertRefused(Convert.FromHexString(table), message);

    [TestMethod]
    public void A_trie_that_leads_outside_itself_is_refused() => AssertRefused(CharsmapFile.Join([0, 0x100 | (77 << 10)], []), "unit 76", "there are 2");

    [TestMethod]
    public void A_replacement_outside_the_table_or_inside_a_character_is_refused()
    {
        AssertRefused(CharsmapFile.Join([0, 0x100 | (3 << 10), 0x8000_0007, 0], "ab\0"u8.ToArray()), "byte 7", "3 bytes");
        AssertRefused(CharsmapFile.Join([0, 0x100 | (3 << 10), 0x8000_0001, 0], "½\0"u8.ToArray()), "byte 1");
        AssertRefused(CharsmapFile.Join([0], [0xC3, 0x28, 0]), "UTF-8");
    }

    [TestMethod]
    public void Lookups_in_damaged_tables_stay_within_bounds()
    {
        var random = new Random(5);
        var refused = 0;
        var text = new byte[8];
        for (var i = 0; i < 4_000; i++)
        {
            var table = CharsmapFile.Make(("a", "b"), ("é", ""));
            for (var change = 0; change < 1 + i % 8; change++)
                table[random.Next(4, table.Length)] = (byte)random.Next(256);
            try
            {
                var map = new Charsmap(table);
                random.NextBytes(text);
                map.TryFind(text, out _);
                for (var first = 0; first < 256; first++)
                    map.TryFind([(byte)first, text[0], text[1]], out _);
            }
            catch (FormatException)
            {
                refused++;
            }
        }
        Assert.IsTrue(refused is > 0 and < 4_000, $"{refused} refused");
    }

    private static void AssertRefused(byte[] table, params string[] words)
    {
        var message = Assert.ThrowsExactly<FormatException>(() => new Charsmap(table)).Message;
        foreach (var word in words)
            Assert.Contains(word, message);
    }
}
