using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Tests.Distributed;
using Microsoft.ML.HfTrainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class RunningLossTests
{
    private readonly MessageLog _messages = new();

    [TestMethod]
    public void The_mean_is_over_updates_and_starts_over()
    {
        using var losses = Losses(filter: true);
        Add(losses, 1, 1);
        Add(losses, 2, 1);
        Add(losses, 5, 2);
        Assert.AreEqual(2, losses.Count);
        Assert.AreEqual(4, losses.TakeMean());
        Assert.AreEqual(0, losses.Count);
        Add(losses, 6, 3);
        Assert.AreEqual(6, losses.TakeMean());
        Assert.AreEqual(14, losses.ReadTotal());
    }

    [TestMethod]
    public void A_filtered_loss_counts_as_the_mean_so_far_over_one_update_more()
    {
        using var losses = Losses(filter: true);
        Add(losses, 3, 1);
        Add(losses, float.PositiveInfinity, 2);
        Assert.AreEqual((3 + 3 / 2.0) / 2, losses.TakeMean());
    }

    [TestMethod]
    public void Without_the_filter_one_bad_loss_spoils_all_later_ones()
    {
        using var losses = Losses(filter: false);
        Add(losses, float.NaN, 1);
        Assert.IsTrue(double.IsNaN(losses.TakeMean()));
        Add(losses, 1, 2);
        Assert.IsTrue(double.IsNaN(losses.TakeMean()));
    }

    [TestMethod]
    [DataRow(float.NegativeInfinity, float.NaN, "update 4 is infinite")]
    [DataRow(float.NaN, float.NegativeInfinity, "update 4 is NaN")]
    public void One_warning_names_the_first_bad_loss(float first, float second, string expected)
    {
        using var losses = Losses(filter: true);
        Add(losses, 1, 3);
        Add(losses, first, 4);
        Add(losses, second, 5);
        Assert.IsEmpty(_messages.Warnings);
        losses.TakeMean();
        Add(losses, second, 6);
        losses.TakeMean();
        Assert.HasCount(1, _messages.Warnings);
        StringAssert.Contains(_messages.Warnings[0], expected);
    }

    [TestMethod]
    public void Losses_of_16_bits_are_added_up_in_64()
    {
        using var losses = Losses(filter: true);
        for (var step = 1; step <= 1000; step++)
        {
            using var loss = full([], 0.5, ScalarType.BFloat16);
            losses.Add(loss, step);
        }
        Assert.AreEqual(500, losses.ReadSum());
    }

    [TestMethod]
    public void A_resumed_sum_is_logged_but_not_part_of_the_total()
    {
        using var losses = new RunningLoss(true, CPU, new SingleProcess(), _messages, step: 5, lastLogged: 3, sum: 4);
        Add(losses, 2, 6);
        Assert.AreEqual(2, losses.ReadTotal());
        Assert.AreEqual(2, losses.TakeMean());
        Assert.AreEqual(2, losses.ReadTotal());
    }

    [TestMethod]
    public void Losses_of_all_processes_are_added_up()
    {
        using var losses = new RunningLoss(true, CPU, new AlikeProcesses(3), _messages);
        Add(losses, 2, 1);
        Assert.AreEqual(6, losses.TakeMean());
        Assert.AreEqual(6, losses.ReadTotal());
    }

    private RunningLoss Losses(bool filter) => new(filter, CPU, new SingleProcess(), _messages);

    private static void Add(RunningLoss losses, float loss, int step)
    {
        using var value = tensor(loss);
        losses.Add(value, step);
    }
}
