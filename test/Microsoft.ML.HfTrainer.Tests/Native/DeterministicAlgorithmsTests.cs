using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public class DeterministicAlgorithmsTests
{
    [TestMethod]
    public void They_are_on_until_the_outermost_use_ends()
    {
        Assert.IsFalse(DeterministicAlgorithms.IsOn);
        using (DeterministicAlgorithms.Use())
        {
            using (DeterministicAlgorithms.Use())
                Assert.IsTrue(DeterministicAlgorithms.IsOn);
            Assert.IsTrue(DeterministicAlgorithms.IsOn);
        }
        Assert.IsFalse(DeterministicAlgorithms.IsOn);
    }

    [TestMethod]
    public void A_run_that_ends_leaves_them_on_for_one_that_began_later()
    {
        var (first, second) = (DeterministicAlgorithms.Use(), DeterministicAlgorithms.Use());
        first.Dispose();
        first.Dispose();
        Assert.IsTrue(DeterministicAlgorithms.IsOn);
        second.Dispose();
        Assert.IsFalse(DeterministicAlgorithms.IsOn);
    }
}
