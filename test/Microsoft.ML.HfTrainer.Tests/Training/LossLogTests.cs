using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class LossLogTests
{
    private static readonly MessageLog _silent = new();

    [TestMethod]
    public void The_mean_is_over_updates_and_begins_anew()
    {
        var log = new LossLog(filter: true);
        log.Add(1, 1, _silent);
        log.Add(2, 1, _silent);
        log.Add(5, 2, _silent);
        Assert.AreEqual(2, log.Count);
        Assert.AreEqual(4, log.Take());
        Assert.AreEqual(0, log.Count);
        log.Add(6, 3, _silent);
        Assert.AreEqual(6, log.Take());
        Assert.AreEqual(14, log.Total);
    }

    [TestMethod]
    public void A_filtered_loss_counts_as_the_mean_so_far_over_one_update_more()
    {
        var log = new LossLog(filter: true);
        log.Add(3, 1, _silent);
        log.Add(double.PositiveInfinity, 2, _silent);
        Assert.AreEqual((3 + 3 / 2.0) / 2, log.Take());
    }

    [TestMethod]
    public void Without_the_filter_one_bad_loss_spoils_all_later_ones()
    {
        var log = new LossLog(filter: false);
        log.Add(double.NaN, 1, _silent);
        Assert.IsTrue(double.IsNaN(log.Take()));
        log.Add(1, 2, _silent);
        Assert.IsTrue(double.IsNaN(log.Take()));
    }

    [TestMethod]
    public void The_warning_comes_once_and_says_what_and_when()
    {
        var (log, messages) = (new LossLog(filter: true), new MessageLog());
        log.Add(double.NegativeInfinity, 4, messages);
        log.Add(double.NaN, 5, messages);
        Assert.HasCount(1, messages.Warnings);
        StringAssert.Contains(messages.Warnings[0], "update 4 is infinite");
    }
}
