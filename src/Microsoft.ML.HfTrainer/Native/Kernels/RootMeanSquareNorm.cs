using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.HfTrainer.Native.Kernels;

/// <summary>Normalization by the root mean square in one pass, where libtorch takes an operator for each step.</summary>
internal static unsafe class RootMeanSquareNorm
{
    private const int RowsOfPart = 16;

    /// <summary>Returns <c>x / √(mean(x²) + ε) · (offset + weight)</c> over the last axis.</summary>
    public static Tensor Forward(Tensor input, Tensor weight, double epsilon, float offset)
    {
        using var scope = NewDisposeScope();
        var rows = input.contiguous();
        var result = empty(input.shape);
        var size = (int)input.shape[^1];
        var count = size == 0 ? 0 : rows.numel() / size;
        ComputeTeam.Run((int)((count + RowsOfPart - 1) / RowsOfPart), new Norm(KernelTensors.Pointer(rows), KernelTensors.Pointer(weight), KernelTensors.Pointer(result), count, size, epsilon, offset));
        return result.MoveToOuterDisposeScope();
    }

    private readonly struct Norm(float* input, float* weight, float* output, long rows, int size, double epsilon, float offset) : IParts
    {
        public void Run(int part)
        {
            var scale = new ReadOnlySpan<float>(weight, size);
            for (var row = (long)part * RowsOfPart; row < Math.Min((part + 1L) * RowsOfPart, rows); row++)
            {
                var x = new ReadOnlySpan<float>(input + row * size, size);
                var y = new Span<float>(output + row * size, size);
                var factor = (float)(1 / Math.Sqrt(TensorPrimitives.SumOfSquares(x) / size + epsilon));
                if (offset == 0)
                {
                    TensorPrimitives.Multiply(x, scale, y);
                }
                else
                {
                    TensorPrimitives.Add(scale, offset, y);
                    TensorPrimitives.Multiply(y, x, y);
                }
                TensorPrimitives.Multiply(y, factor, y);
            }
        }
    }
}
