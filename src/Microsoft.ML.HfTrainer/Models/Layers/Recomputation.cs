using System.Runtime.ExceptionServices;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Activation checkpointing (Chen et al. 2016, arXiv:1604.06174): parts of a model keep their input alone and are computed a second time in the backward pass.
/// The second time they draw the same random numbers and cast alike, so that every number stays what it is without.
/// </summary>
internal sealed class Recomputation : IDisposable
{
    // A part must be on the path of gradients for the sake of its weights, even where its input needs none.
    private readonly Tensor _witness = zeros(1, requires_grad: true).DetachFromDisposeScope();
    private ExceptionDispatchInfo? _failure;
    private Tensor? _returned;

    /// <summary>Computes a part of a model.</summary>
    /// <param name="input">What it is computed from.</param>
    /// <param name="compute">The computation; true is given where it is done again, in the backward pass, when other tensors of the forward pass are disposed.</param>
    public Tensor Run(Tensor input, Func<Tensor, bool, Tensor> compute)
    {
        if (!is_grad_enabled())
            return compute(input, false);
        using var scope = NewDisposeScope();
        var part = new Part(this, compute, GeneratorPosition.Of(input.device), Autocast.Current(input.device_type));
        return RecomputedPart.apply(part, _witness, input).MoveToOuterDisposeScope();
    }

    /// <summary>To be called after a backward pass: throws what was thrown in it.</summary>
    public void Complete()
    {
        Return(null);
        if (_failure is not { } failure)
            return;
        _failure = null;
        failure.Throw();
    }

    public void Dispose()
    {
        Return(null);
        _witness.Dispose();
    }

    // libtorch has taken its own reference of a gradient by the time the next one is returned.
    private Tensor? Return(Tensor? gradient)
    {
        _returned?.Dispose();
        return _returned = gradient?.DetachFromDisposeScope();
    }

    private sealed record Part(Recomputation Owner, Func<Tensor, bool, Tensor> Compute, GeneratorPosition Random, AutocastState Casting);

    private sealed class RecomputedPart : autograd.SingleTensorFunction<RecomputedPart>
    {
        public override string Name => nameof(RecomputedPart);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            var (part, input) = ((Part)arguments[0], (Tensor)arguments[2]);
            context.set_materialize_grads(false);
            context.save_data(nameof(Part), part);
            context.save_for_backward([input]);
            // Weights that were cast here know nothing of gradients: they must not be found by parts that are not computed again.
            using var casting = Autocast.Use(input.device_type, part.Casting with { KeepsCasts = false });
            return part.Compute(input, false);
        }

        // An exception must not pass through libtorch: it would end the process.
        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            var part = (Part)context.get_data(nameof(Part));
            Tensor? inputGradient = null;
            try
            {
                if (part.Owner._failure is null && gradient is { IsInvalid: false })
                    inputGradient = Backward(part, context, gradient);
            }
            catch (Exception failure)
            {
                part.Owner._failure = ExceptionDispatchInfo.Capture(failure);
            }
            return [null!, null!, part.Owner.Return(inputGradient)!];
        }

        private static Tensor? Backward(Part part, autograd.AutogradContext context, Tensor gradient)
        {
            using var scope = NewDisposeScope();
            using var given = gradient;
            var saved = context.get_saved_variables()[0];
            var input = saved.detach().requires_grad_(saved.requires_grad);
            autograd.backward([Again(part, input)], [gradient]);
            return input.requires_grad ? input.grad?.MoveToOuterDisposeScope() : null;
        }

        private static Tensor Again(Part part, Tensor input)
        {
            var now = GeneratorPosition.Of(input.device);
            part.Random.Restore();
            try
            {
                using var gradients = enable_grad();
                using var casting = Autocast.Use(input.device_type, part.Casting);
                // A view, since autocast takes a leaf for a weight, which it casts once for all uses, and its gradients were then added up in the smaller type.
                return part.Compute(input.view_as(input), true);
            }
            finally
            {
                now.Restore();
            }
        }
    }
}
