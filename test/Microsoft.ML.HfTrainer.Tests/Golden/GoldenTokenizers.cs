using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.ML.HfTrainer.Tokenization;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Encodings and decoded text against those of the original, one row for each tokenizer and group of cases.</summary>
[TestClass]
[TestCategory("GoldenTokenizers")]
public class GoldenTokenizers
{
    private const string Suite = "tokenizers", CaseFile = "cases.json.gz";

    private static readonly ConcurrentDictionary<string, TokenizerCases> Cache = [];

    public static IEnumerable<object[]> Rows => GoldenFolder.Cases(Suite, CaseFile)
        .SelectMany(folder => Load(folder).Groups.Select(group => new object[] { Path.GetFileName(folder), group }));

    public static string RowName(MethodInfo method, object[] row) => $"{row[0]} / {row[1]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound(Suite, Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string folder, string group)
    {
        var path = Path.Combine(GoldenFolder.Path, Suite, folder);
        var cases = Load(path);
        if (!TokenizerOperations.All.TryGetValue(group, out var operation))
            GoldenFolder.Skip($"tokenizer operation '{group}' does not exist");
        var tokenizer = Open(path);
        var wrong = operation(tokenizer, cases).ToList();
        Assert.IsEmpty(wrong, $"{wrong.Count} of the cases differ:\n{string.Join('\n', wrong.Take(5))}");
    }

    private static TokenizerCases Load(string folder) => Cache.GetOrAdd(folder, path => new TokenizerCases(path, CaseFile));

    private static HfTokenizer Open(string folder)
    {
        var files = Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).ToList();
        if (!files.Contains(TokenizerFiles.Tokenizer) && !RawFiles.CanRead(files))
            GoldenFolder.Skip($"tokenizer without tokenizer.json and with no raw files that are read ({string.Join(", ", files)})");
        try
        {
            return HfTokenizer.FromPretrained(folder);
        }
        catch (MissingPartException missing)
        {
            var parts = string.Join(", ", missing.Parts.Select(part => $"'{part}'"));
            GoldenFolder.Skip(missing.Parts.Count == 1 ? $"tokenizer part {parts} is not registered" : $"tokenizer parts {parts} are not registered");
            throw;
        }
    }
}
