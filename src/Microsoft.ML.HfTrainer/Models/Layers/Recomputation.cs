using System.Runtime.ExceptionServices;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): parts of a model keep only their input and are computed a second time in the backward pass, with the same random numbers and
/// the same casts, so that results do not change.
/// </summary>
internal sealed class Recomputation : IDisposable
{
    // Makes autograd visit a part for the gradients of its weights, even if its input needs none.
    private readonly Tensor _witness = zeros(1, requires_grad: true).DetachFromDisposeScope();
    private ExceptionDispatchInfo? _failure;
    private List<Tensor> _returned = [];

    /// <summary>Computes a part of a model.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="compute">The computation. Its second argument is true in the backward pass, when other tensors of the forward pass are disposed.</param>
    public Tensor Run(Tensor input, Func<Tensor, bool, Tensor> compute) => Run([input], (inputs, again) => compute(inputs[0], again));

    /// <summary>Computes a part of a model.</summary>
    /// <param name="inputs">Its inputs, all of which get gradients.</param>
    /// <param name="compute">The computation. Its second argument is true in the backward pass, when other tensors of the forward pass are disposed.</param>
    public Tensor Run(IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>, bool, Tensor> compute)
    {
        if (!is_grad_enabled())
            return compute(inputs, false);
        using var scope = NewDisposeScope();
        var part = new Part(this, inputs.Count, compute, GeneratorStates.Of(inputs[0].device), Autocast.Current(inputs[0].device_type));
        return RecomputedPart.apply([part, _witness, .. inputs]).MoveToOuterDisposeScope();
    }

    /// <summary>Throws the exception of the last backward pass, if there was one. Call it after each.</summary>
    public void Complete()
    {
        Return([]);
        if (_failure is not { } failure)
            return;
        _failure = null;
        failure.Throw();
    }

    public void Dispose()
    {
        Return([]);
        _witness.Dispose();
    }

    // libtorch has taken its own reference of gradients by the time the next ones are returned.
    private void Return(IEnumerable<Tensor?> gradients)
    {
        _returned.ForEach(gradient => gradient.Dispose());
        _returned = [.. gradients.OfType<Tensor>().Select(gradient => gradient.DetachFromDisposeScope())];
    }

    private sealed record Part(Recomputation Owner, int Inputs, Func<IReadOnlyList<Tensor>, bool, Tensor> Compute, GeneratorStates Random, AutocastState Casting);

    private sealed class RecomputedPart : autograd.SingleTensorFunction<RecomputedPart>
    {
        public override string Name => nameof(RecomputedPart);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            var (part, inputs) = ((Part)arguments[0], arguments[2..].Cast<Tensor>().ToList());
            context.set_materialize_grads(false);
            context.save_data(nameof(Part), part);
            context.save_for_backward(inputs);
            // Weights that are cast here have no gradients: parts that are not computed again must not find them in the cache.
            using var casting = Autocast.Use(inputs[0].device_type, part.Casting with { KeepsCasts = false });
            using var sameBits = KernelTensors.LeaveToLibtorch();
            return part.Compute(inputs, false);
        }

        // An exception must not pass through libtorch: it would end the process.
        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            var part = (Part)context.get_data(nameof(Part));
            var gradients = new Tensor?[part.Inputs];
            try
            {
                if (part.Owner._failure is null && gradient is { IsInvalid: false })
                    gradients = Backward(part, context, gradient);
            }
            catch (Exception failure)
            {
                part.Owner._failure = ExceptionDispatchInfo.Capture(failure);
            }
            part.Owner.Return(gradients);
            return [null!, null!, .. gradients.Select(g => g!)];
        }

        private static Tensor?[] Backward(Part part, autograd.AutogradContext context, Tensor gradient)
        {
            using var scope = NewDisposeScope();
            using var given = gradient;
            var inputs = context.get_saved_variables().ConvertAll(tensor => tensor.detach().requires_grad_(tensor.requires_grad));
            autograd.backward([Again(part, inputs)], [gradient]);
            return [.. inputs.Select(input => input.requires_grad ? input.grad?.MoveToOuterDisposeScope() : null)];
        }

        private static Tensor Again(Part part, List<Tensor> inputs)
        {
            var now = GeneratorStates.Of(inputs[0].device);
            part.Random.Restore(inputs[0].device);
            try
            {
                using var gradients = enable_grad();
                using var casting = Autocast.Use(inputs[0].device_type, part.Casting);
                // Views, since autocast takes a leaf for a weight, which it casts once for all uses, and its gradients were then added up in the smaller type.
                return part.Compute(inputs.ConvertAll(input => input.view_as(input)), true);
            }
            finally
            {
                now.Restore(inputs[0].device);
            }
        }
    }
}
