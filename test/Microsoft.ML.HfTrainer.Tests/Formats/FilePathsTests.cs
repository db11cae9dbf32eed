using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class FilePathsTests
{
    [TestMethod]
    [DataRow("~")]
    [DataRow("~/runs", "runs")]
    [DataRow("~/runs/first", "runs", "first")]
    [DataRow("~//runs", "runs")]
    public void The_home_directory_is_put_in_with_the_separators_of_the_system(string path, params string[] below) =>
        Assert.AreEqual(Path.Combine([FilePaths.Home, .. below]), FilePaths.FromHome(path));

    [TestMethod]
    [DataRow("runs")]
    [DataRow("~runs")]
    [DataRow("runs/~/x")]
    [DataRow("")]
    public void Other_paths_stay_as_they_are(string path) => Assert.AreEqual(path, FilePaths.FromHome(path));

    [TestMethod]
    public void A_backslash_is_a_separator_on_Windows_alone() =>
        Assert.AreEqual(OperatingSystem.IsWindows() ? Path.Combine(FilePaths.Home, "runs") : @"~\runs", FilePaths.FromHome(@"~\runs"));

    [TestMethod]
    [DataRow("/home/me/runs/checkpoint-4")]
    [DataRow("checkpoint-4/")]
    [DataRow(@"C:\Users\me\runs\checkpoint-4")]
    [DataRow(@"C:\Users\me/runs/checkpoint-4\")]
    public void The_last_part_is_found_whichever_system_wrote_the_path(string path) => Assert.AreEqual("checkpoint-4", FilePaths.NameOf(path));
}
