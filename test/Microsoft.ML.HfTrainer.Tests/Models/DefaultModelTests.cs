using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public sealed class DefaultModelTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void CleanUp() => _folder.Dispose();

    [TestMethod]
    public void BesideTheApplicationComesFirst()
    {
        var beside = Make("app/HfTrainer/MiniLM");
        Make("packages/microsoft.ml.hftrainer.minilm/1.0.0/content/HfTrainer/MiniLM");
        Assert.AreEqual(beside, DefaultModel.Find(_folder["app"], Library("1.0.0")));
    }

    [TestMethod]
    public void InThePackageCacheTheSameVersionComesFirstThenTheNewest()
    {
        var (old, newest) = (Make("packages/microsoft.ml.hftrainer.minilm/0.9.0/content/HfTrainer/MiniLM"), Make(
            "packages/microsoft.ml.hftrainer.minilm/0.10.0/content/HfTrainer/MiniLM"));
        Assert.AreEqual(old, DefaultModel.Find(_folder["app"], Library("0.9.0")));
        Assert.AreEqual(newest, DefaultModel.Find(_folder["app"], Library("2.0.0")));
    }

    [TestMethod]
    public void AFolderWithoutConfigurationIsNone()
    {
        Directory.CreateDirectory(_folder["app/HfTrainer/MiniLM"]);
        Assert.IsNull(DefaultModel.Find(_folder["app"], Library("1.0.0")));
        Assert.IsNull(DefaultModel.Find(_folder["app"], ""), "an assembly loaded from memory has no path");
    }

    [TestMethod]
    public void TheErrorNamesThePackageAndTheArgument()
    {
        if (DefaultModel.Find(AppContext.BaseDirectory, "") is not null)
            Assert.Inconclusive("the package is beside these tests");
        var missing = Assert.ThrowsExactly<FileNotFoundException>(() => new MLContext().Transforms.Text.TokenizeHf());
        StringAssert.Contains(missing.Message, "Microsoft.ML.HfTrainer.MiniLM");
        StringAssert.Contains(missing.Message, "'model'");
    }

    private string Library(string version) => _folder[$"packages/microsoft.ml.hftrainer/{version}/lib/net10.0/Microsoft.ML.HfTrainer.dll"];

    private string Make(string folder)
    {
        var made = Directory.CreateDirectory(_folder[folder]).FullName;
        File.WriteAllText(Path.Combine(made, "config.json"), "{}");
        return made;
    }
}
