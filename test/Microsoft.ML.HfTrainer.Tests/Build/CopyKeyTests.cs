using Microsoft.ML.HfTrainer.Tests.Formats;
using Mono.Cecil;
using ReferenceCopies;

namespace Microsoft.ML.HfTrainer.Tests.Build;

/// <summary>A modified copy of an assembly is used again only for the same assembly and the same task.</summary>
[TestClass]
public sealed class CopyKeyTests
{
    [TestMethod]
    public void TheContentDecidesAndNotTheTime()
    {
        using var folder = new TemporaryFolder();
        var (task, time) = (Guid.NewGuid(), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        foreach (var name in new[] { "a", "b" })
        {
            using (var module = ModuleDefinition.CreateModule("same", ModuleKind.Dll))
                module.Write(folder[name]);
            File.SetLastWriteTimeUtc(folder[name], time);
        }
        File.Copy(folder["a"], folder["c"]);
        File.SetLastWriteTimeUtc(folder["c"], time.AddYears(1));
        Assert.AreEqual(CopyKey.Of(folder["a"], task), CopyKey.Of(folder["c"], task));
        Assert.AreNotEqual(CopyKey.Of(folder["a"], task), CopyKey.Of(folder["b"], task));
        Assert.AreNotEqual(CopyKey.Of(folder["a"], task), CopyKey.Of(folder["a"], Guid.NewGuid()));
    }
}
