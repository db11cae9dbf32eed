using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>Collects rows of which processes have different numbers and widths.</summary>
internal static class RowGathering
{
    /// <summary>Pads the second dimension of a tensor with -100 to the widest of all processes.</summary>
    public static Tensor PadToWidest(this ICommunicator communicator, Tensor rows)
    {
        if (communicator.WorldSize == 1 || rows.dim() < 2)
            return rows;
        var width = communicator.AllReduce(rows.shape[1], ReduceOperation.Max);
        if (width == rows.shape[1])
            return rows;
        var padded = full([rows.shape[0], width, .. rows.shape[2..]], Batch.IgnoredLabel, rows.dtype, rows.device);
        using var left = padded.narrow(1, 0, rows.shape[1]);
        left.copy_(rows);
        return padded;
    }

    /// <summary>Collects the first rows of a tensor from each process.</summary>
    /// <param name="communicator">The processes.</param>
    /// <param name="rows">The tensor of this process, [rows, ...].</param>
    /// <param name="kept">The number of its rows that are collected.</param>
    /// <returns>The rows in the order of the processes; the second dimension is padded with -100 to the widest.</returns>
    public static Tensor GatherRows(this ICommunicator communicator, Tensor rows, int kept)
    {
        if (communicator.WorldSize == 1)
            return rows;
        using var scope = NewDisposeScope();
        var hasWidth = rows.dim() > 1;
        var sizes = communicator.AllGather(tensor(new long[] { kept, hasWidth ? rows.shape[1] : 0 }).view(1, 2)).data<long>().ToArray().Chunk(2).ToArray();
        var (most, widest) = (sizes.Max(size => size[0]), sizes.Max(size => size[1]));
        var padded = full([most, .. hasWidth ? [widest, .. rows.shape[2..]] : Array.Empty<long>()], Batch.IgnoredLabel, rows.dtype);
        var own = padded.narrow(0, 0, kept);
        (hasWidth ? own.narrow(1, 0, rows.shape[1]) : own).copy_(rows.narrow(0, 0, kept));
        var all = communicator.AllGather(padded);
        return cat([.. sizes.Select((size, rank) => all.narrow(0, rank * most, size[0]))]).MoveToOuterDisposeScope();
    }

    /// <summary>Collects bytes from each process.</summary>
    public static IReadOnlyList<byte[]> GatherBytes(this ICommunicator communicator, byte[] own)
    {
        if (communicator.WorldSize == 1)
            return [own];
        using var scope = NewDisposeScope();
        var lengths = communicator.AllGather(tensor(new long[] { own.Length })).data<long>().ToArray();
        var padded = zeros([1, lengths.Max()], ScalarType.Byte);
        own.CopyTo(padded.bytes);
        var all = communicator.AllGather(padded);
        return [.. lengths.Select((length, rank) => all[rank].bytes[..(int)length].ToArray())];
    }
}
