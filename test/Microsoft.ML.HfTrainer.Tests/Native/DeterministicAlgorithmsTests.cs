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
}
