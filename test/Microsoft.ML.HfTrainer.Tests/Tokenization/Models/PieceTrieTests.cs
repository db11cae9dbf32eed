using Microsoft.ML.HfTrainer.Tokenization.Models;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Models;

[TestClass]
public class PieceTrieTests
{
    [TestMethod]
    public void Every_piece_is_found_and_nothing_else()
    {
        var random = new Random(3);
        string[] alphabet = ["a", "b", "c", "é", "漢", "▁", "\U0001F642", "\U0001F643", "\0", "\uFFFF"];
        var pieces = Enumerable.Range(0, 3000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => alphabet[random.Next(alphabet.Length)])))
            .Append(new string('a', 20_000)).Distinct().ToArray();
        var (listed, others) = (pieces[..^(pieces.Length / 2)], pieces[^(pieces.Length / 2)..^1]);
        listed = [.. listed, pieces[^1]];
        var trie = new PieceTrie(listed.Select((piece, id) => (piece, id)));
        for (var id = 0; id < listed.Length; id++)
            Assert.AreEqual(id, trie.Find(listed[id]), listed[id]);
        foreach (var other in others)
            Assert.AreEqual(-1, trie.Find(other), other);
        Assert.AreEqual(-1, trie.Find("x"));
        Assert.AreEqual(-1, trie.Find(""));
    }

    [TestMethod]
    public void A_walk_passes_every_piece_that_is_a_prefix()
    {
        var trie = new PieceTrie([("a", 4), ("abc", 5), ("abcd", 6), ("bc", 7)]);
        var (node, ids) = (PieceTrie.Root, new List<int>());
        foreach (var unit in "abce")
        {
            node = trie.Next(node, unit);
            if (node < 0)
                break;
            ids.Add(trie.Id(node));
        }
        CollectionAssert.AreEqual(new[] { 4, -1, 5 }, ids);
        Assert.AreEqual(-1, node);
    }

    [TestMethod]
    public void The_trie_is_dense_even_for_many_different_letters()
    {
        var random = new Random(9);
        var pieces = Enumerable.Range(0, 20_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 6))
            .Select(_ => (char)(random.Next(3) == 0 ? 0x4E00 + (int)(Math.Pow(random.NextDouble(), 3) * 6000) : random.Next('a', 'z')))))
            .Distinct().Select((piece, id) => (piece, id));
        var nodes = new PieceTrieBuilder(pieces).Build().Nodes;
        var used = nodes.Count(node => node.Parent != -1);
        Assert.IsLessThan(4.0, nodes.Length / (double)used);
    }

    [TestMethod]
    public void An_empty_trie_finds_nothing() => Assert.AreEqual(-1, new PieceTrie([]).Find("a"));
}
