using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public class OutOfMemoryTests
{
    [TestMethod]
    public void What_libtorch_says_of_too_large_a_tensor_is_recognised()
    {
        var failure = Assert.Throws<ExternalException>(() => empty(1L << 60));
        Assert.IsTrue(OutOfMemory.Is(failure), failure.Message);
        Assert.IsTrue(OutOfMemory.Is(new InvalidOperationException("In a callback.", failure)));
    }

    [TestMethod]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.11 GiB.", true)]
    [DataRow("[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes.", true)]
    [DataRow("[enforce fail at alloc_cpu.cpp:120] data. DefaultCPUAllocator: not enough memory: you tried to allocate 4 bytes.", true)]
    [DataRow("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1", false)]
    public void Other_failures_are_not_taken_for_it(string message, bool expected) => Assert.AreEqual(expected, OutOfMemory.Is(new ExternalException(message)));
}
