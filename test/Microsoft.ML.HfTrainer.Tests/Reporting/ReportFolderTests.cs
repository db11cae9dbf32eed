using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Tests.Reporting;

[TestClass]
public sealed class ReportFolderTests
{
    [TestMethod]
    public void Event_files_lie_in_a_folder_of_each_run_named_by_time_and_machine()
    {
        var folder = ReportFolder.OfTensorBoard(new ReporterSettings { OutputDir = "out" });
        Assert.IsTrue(Regex.IsMatch(folder, @"^out[/\\]runs[/\\][A-Z][a-z]{2}\d{2}_\d{2}-\d{2}-\d{2}_.+$"), folder);
    }

    [TestMethod]
    public void A_folder_of_ones_own_comes_first() => Assert.AreEqual("logs", ReportFolder.OfTensorBoard(new ReporterSettings { OutputDir = "out", LoggingDir = "logs" }));

    [TestMethod]
    public void The_environment_names_a_folder_too()
    {
        Environment.SetEnvironmentVariable("TENSORBOARD_LOGGING_DIR", "~/logs");
        try
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            Assert.AreEqual(Path.Combine(home, "logs"), ReportFolder.OfTensorBoard(new TrainingArguments("out").ToReporterSettings()));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TENSORBOARD_LOGGING_DIR", null);
        }
    }
}
