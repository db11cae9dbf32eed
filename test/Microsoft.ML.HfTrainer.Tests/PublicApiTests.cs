using Microsoft.ML.HfTrainer.Tests.Golden;
using PublicApiGenerator;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Compares the public API with the one in <c>PublicApi.txt</c>, so that every change of it is a decision that shows in a diff.</summary>
[TestClass]
public sealed class PublicApiTests
{
    private static readonly string _frozen = Path.Combine(GoldenFolder.Repository, "src", "Microsoft.ML.HfTrainer", "PublicApi.txt");

    // By default the generator leaves out namespaces that begin with "Microsoft".
    private static readonly ApiGeneratorOptions _options = new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };

    [TestMethod]
    public void The_public_API_is_the_frozen_one()
    {
        var actual = Lines(typeof(Trainer).Assembly.GeneratePublicApi(_options));
        var expected = File.Exists(_frozen) ? Lines(File.ReadAllText(_frozen)) : [];
        if (actual.SequenceEqual(expected))
            return;
        var received = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
        File.WriteAllText(received, string.Join('\n', actual) + "\n");
        var (gone, added) = (expected.Except(actual).Select(line => "- " + line), actual.Except(expected).Select(line => "+ " + line));
        Assert.Fail($"The public API has changed:\n{string.Join('\n', gone.Concat(added))}\nIf that is intended, copy {received} over {_frozen} and commit it with the change.");
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
