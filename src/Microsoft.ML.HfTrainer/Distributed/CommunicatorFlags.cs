namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>Decisions that all processes take together.</summary>
internal static class CommunicatorFlags
{
    /// <summary>Returns true if the flag is set on any process.</summary>
    public static bool Any(this ICommunicator communicator, bool flag) => communicator.AllReduce(flag ? 1 : 0, ReduceOperation.Max) != 0;
}
