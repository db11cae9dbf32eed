using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native.Kernels;

/// <summary>
/// The product of a few vectors with a large matrix, as a decoder computes it for each token. It takes as long as the matrix takes to be read, which happens once for all vectors;
/// libraries for large products first copy the matrix into another order.
/// </summary>
internal static unsafe class FewRowsProduct
{
    private const int MostRows = 16;

    // So many rows of the matrix are read together.
    private const int Together = 4;

    // A part of a product should be long beside the time in which it is handed to a thread.
    private const long LeastPart = 1 << 14;

    /// <summary>Returns true if this is the way to multiply a tensor <c>[..., inputs]</c> by a matrix.</summary>
    /// <inheritdoc cref="Multiply"/>
    public static bool Applies(Tensor input, Tensor matrix, bool transposed, Tensor? bias) =>
        KernelTensors.Accept(input) && input.dim() > 0 && input.shape[^1] is > 0 and var inputs && inputs == matrix.shape[transposed ? 0 : 1] && input.numel() <= MostRows * inputs
        && IsPlain(matrix) && (bias is null || IsPlain(bias));

    /// <summary>Returns <c>x·Wᵀ + b</c>, <c>[..., outputs]</c>.</summary>
    /// <param name="input">A tensor <c>[..., inputs]</c>.</param>
    /// <param name="matrix">The matrix, <c>[outputs, inputs]</c>.</param>
    /// <param name="transposed">true if the matrix is <c>[inputs, outputs]</c>.</param>
    /// <param name="bias">The bias, <c>[outputs]</c>. If null, there is none.</param>
    public static Tensor Multiply(Tensor input, Tensor matrix, bool transposed, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var vectors = input.contiguous();
        var (inputs, outputs) = transposed ? (matrix.shape[0], matrix.shape[1]) : (matrix.shape[1], matrix.shape[0]);
        var rows = vectors.numel() / inputs;
        var threads = Math.Clamp(inputs * outputs / LeastPart, 1, get_num_threads());
        // A part reads what lies side by side: rows of the matrix. Several parts for each thread end together.
        var (lines, parts) = transposed ? (inputs, threads) : (outputs, threads == 1 ? 1 : 4 * threads);
        var result = empty([transposed ? parts : 1, rows, outputs]);
        var product = new Product
        {
            Matrix = KernelTensors.Pointer(matrix),
            Input = KernelTensors.Pointer(vectors),
            Bias = bias is null ? null : KernelTensors.Pointer(bias),
            Output = KernelTensors.Pointer(result),
            Inputs = inputs,
            Outputs = outputs,
            Rows = (int)rows,
            Part = (lines + parts - 1) / parts + Together - 1 & -Together,
        };
        if (transposed)
            ComputeTeam.Run((int)parts, new OfColumns(product));
        else
            ComputeTeam.Run((int)parts, new OfRows(product));
        var sum = result.shape[0] == 1 ? result : result.sum([0]);
        return sum.view([.. input.shape[..^1], outputs]).MoveToOuterDisposeScope();
    }

    private static bool IsPlain(Tensor weight) => weight.dtype == ScalarType.Float32 && weight.is_contiguous();

    /// <summary>What is multiplied.</summary>
    private readonly struct Product
    {
        /// <summary>The matrix.</summary>
        public required float* Matrix { get; init; }

        /// <summary>The vectors, <c>[rows, inputs]</c>.</summary>
        public required float* Input { get; init; }

        /// <summary>What is added to each result, <c>[outputs]</c>, or null.</summary>
        public required float* Bias { get; init; }

        /// <summary>The results, <c>[rows, outputs]</c>, for each part if the sums are computed in parts.</summary>
        public required float* Output { get; init; }

        /// <summary>The length of a vector.</summary>
        public required long Inputs { get; init; }

        /// <summary>The length of a result.</summary>
        public required long Outputs { get; init; }

        /// <summary>The number of vectors.</summary>
        public required int Rows { get; init; }

        /// <summary>The number of the matrix's rows in a part.</summary>
        public required long Part { get; init; }

        public (long First, long End) Range(int part, long lines) => (Math.Min(part * Part, lines), Math.Min((part + 1) * Part, lines));
    }

    /// <summary>A matrix <c>[outputs, inputs]</c>: sums along its rows, four of them and four vectors together.</summary>
    private readonly struct OfRows(Product product) : IParts
    {
        // How far ahead of the numbers that are multiplied memory is asked for others.
        private const int Ahead = 1024;

        public void Run(int part)
        {
            var (output, end) = product.Range(part, product.Outputs);
            for (; output + Together <= end; output += Together)
            {
                var row = 0;
                for (; row + Together <= product.Rows; row += Together)
                    FourByFour(output, row);
                for (; row < product.Rows; row++)
                    FourByOne(output, row);
            }
            for (; output < end; output++)
                for (var row = 0; row < product.Rows; row++)
                    Set(row, output, Vector512<float>.Zero, product.Matrix + output * product.Inputs, product.Input + row * product.Inputs, 0);
        }

        private void FourByOne(long output, int row)
        {
            var inputs = product.Inputs;
            float* x = product.Input + row * inputs;
            float* a = product.Matrix + output * inputs, b = a + inputs, c = b + inputs, d = c + inputs;
            Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
            var i = 0L;
            for (; i + Vector512<float>.Count <= inputs; i += Vector512<float>.Count)
            {
                Sse.Prefetch0(a + i + Ahead);
                Sse.Prefetch0(b + i + Ahead);
                Sse.Prefetch0(c + i + Ahead);
                Sse.Prefetch0(d + i + Ahead);
                var v = Vector512.Load(x + i);
                sumA = Vector512.FusedMultiplyAdd(v, Vector512.Load(a + i), sumA);
                sumB = Vector512.FusedMultiplyAdd(v, Vector512.Load(b + i), sumB);
                sumC = Vector512.FusedMultiplyAdd(v, Vector512.Load(c + i), sumC);
                sumD = Vector512.FusedMultiplyAdd(v, Vector512.Load(d + i), sumD);
            }
            SetFour(row, output, sumA, sumB, sumC, sumD, i);
        }

        private void FourByFour(long output, int row)
        {
            var inputs = product.Inputs;
            float* x0 = product.Input + row * inputs, x1 = x0 + inputs, x2 = x1 + inputs, x3 = x2 + inputs;
            float* a = product.Matrix + output * inputs, b = a + inputs, c = b + inputs, d = c + inputs;
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
            var i = 0L;
            for (; i + Vector512<float>.Count <= inputs; i += Vector512<float>.Count)
            {
                if (row == 0)
                {
                    Sse.Prefetch0(a + i + Ahead);
                    Sse.Prefetch0(b + i + Ahead);
                    Sse.Prefetch0(c + i + Ahead);
                    Sse.Prefetch0(d + i + Ahead);
                }
                var (wa, wb, wc, wd) = (Vector512.Load(a + i), Vector512.Load(b + i), Vector512.Load(c + i), Vector512.Load(d + i));
                var v = Vector512.Load(x0 + i);
                (a0, b0) = (Vector512.FusedMultiplyAdd(v, wa, a0), Vector512.FusedMultiplyAdd(v, wb, b0));
                (c0, d0) = (Vector512.FusedMultiplyAdd(v, wc, c0), Vector512.FusedMultiplyAdd(v, wd, d0));
                v = Vector512.Load(x1 + i);
                (a1, b1) = (Vector512.FusedMultiplyAdd(v, wa, a1), Vector512.FusedMultiplyAdd(v, wb, b1));
                (c1, d1) = (Vector512.FusedMultiplyAdd(v, wc, c1), Vector512.FusedMultiplyAdd(v, wd, d1));
                v = Vector512.Load(x2 + i);
                (a2, b2) = (Vector512.FusedMultiplyAdd(v, wa, a2), Vector512.FusedMultiplyAdd(v, wb, b2));
                (c2, d2) = (Vector512.FusedMultiplyAdd(v, wc, c2), Vector512.FusedMultiplyAdd(v, wd, d2));
                v = Vector512.Load(x3 + i);
                (a3, b3) = (Vector512.FusedMultiplyAdd(v, wa, a3), Vector512.FusedMultiplyAdd(v, wb, b3));
                (c3, d3) = (Vector512.FusedMultiplyAdd(v, wc, c3), Vector512.FusedMultiplyAdd(v, wd, d3));
            }
            SetFour(row, output, a0, b0, c0, d0, i);
            SetFour(row + 1, output, a1, b1, c1, d1, i);
            SetFour(row + 2, output, a2, b2, c2, d2, i);
            SetFour(row + 3, output, a3, b3, c3, d3, i);
        }

        private void SetFour(int row, long output, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, long done)
        {
            float* x = product.Input + row * product.Inputs, w = product.Matrix + output * product.Inputs;
            Set(row, output, a, w, x, done);
            Set(row, output + 1, b, w + product.Inputs, x, done);
            Set(row, output + 2, c, w + 2 * product.Inputs, x, done);
            Set(row, output + 3, d, w + 3 * product.Inputs, x, done);
        }

        // Adds up what vectors of 16 numbers have summed, and the numbers that did not fill one.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Set(int row, long output, Vector512<float> sums, float* w, float* x, long done)
        {
            var sum = Vector512.Sum(sums);
            for (var i = done; i < product.Inputs; i++)
                sum += w[i] * x[i];
            product.Output[row * product.Outputs + output] = product.Bias is null ? sum : sum + product.Bias[output];
        }
    }

    /// <summary>A matrix <c>[inputs, outputs]</c>: its rows, four of them together, are added to the results.</summary>
    private readonly struct OfColumns(Product product) : IParts
    {
        private const int Ahead = 1024;

        public void Run(int part)
        {
            var results = product.Output + part * product.Rows * product.Outputs;
            for (var row = 0; row < product.Rows; row++)
            {
                var output = new Span<float>(results + row * product.Outputs, (int)product.Outputs);
                if (product.Bias is null || part > 0)
                    output.Clear();
                else
                    new Span<float>(product.Bias, output.Length).CopyTo(output);
            }
            var (input, end) = product.Range(part, product.Inputs);
            for (; input + Together <= end; input += Together)
                AddFour(input, results);
            for (; input < end; input++)
                AddOne(input, results);
        }

        private void AddFour(long input, float* results)
        {
            float* a = product.Matrix + input * product.Outputs, b = a + product.Outputs, c = b + product.Outputs, d = c + product.Outputs;
            var output = 0L;
            for (; output + Vector512<float>.Count <= product.Outputs; output += Vector512<float>.Count)
            {
                Sse.Prefetch0(a + output + Ahead);
                Sse.Prefetch0(b + output + Ahead);
                Sse.Prefetch0(c + output + Ahead);
                Sse.Prefetch0(d + output + Ahead);
                var (wa, wb, wc, wd) = (Vector512.Load(a + output), Vector512.Load(b + output), Vector512.Load(c + output), Vector512.Load(d + output));
                float* x = product.Input + input, y = results + output;
                for (var row = 0; row < product.Rows; row++)
                {
                    var sum = Vector512.FusedMultiplyAdd(wa, Vector512.Create(x[0]), Vector512.Load(y));
                    sum = Vector512.FusedMultiplyAdd(wb, Vector512.Create(x[1]), sum);
                    sum = Vector512.FusedMultiplyAdd(wc, Vector512.Create(x[2]), sum);
                    Vector512.FusedMultiplyAdd(wd, Vector512.Create(x[3]), sum).Store(y);
                    x += product.Inputs;
                    y += product.Outputs;
                }
            }
            for (; output < product.Outputs; output++)
                for (var row = 0; row < product.Rows; row++)
                {
                    var x = product.Input + row * product.Inputs + input;
                    results[row * product.Outputs + output] += a[output] * x[0] + b[output] * x[1] + c[output] * x[2] + d[output] * x[3];
                }
        }

        private void AddOne(long input, float* results)
        {
            var w = product.Matrix + input * product.Outputs;
            for (var row = 0; row < product.Rows; row++)
                for (var output = 0L; output < product.Outputs; output++)
                    results[row * product.Outputs + output] += w[output] * product.Input[row * product.Inputs + input];
        }
    }
}
