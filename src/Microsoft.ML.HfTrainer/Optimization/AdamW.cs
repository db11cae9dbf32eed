using Microsoft.ML.HfTrainer.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101), all parameters of a group in one kernel.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">Decay of the first moment.</param>
/// <param name="beta2">Decay of the second moment.</param>
/// <param name="epsilon">Added to the denominator.</param>
public sealed class AdamW(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : Optimizer(groups)
{
    private readonly Dictionary<string, Moments> _moments = [];

    /// <inheritdoc/>
    public override void Step()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in Groups)
        {
            var active = group.Parameters.Select(p => (p.Parameter, Gradient: p.Parameter.grad, p.Name)).Where(p => p.Gradient is not null).ToArray();
            if (active.Length == 0)
                continue;
            var moments = Array.ConvertAll(active, p => MomentsOf(p.Name, p.Parameter));
            TorchScript.FusedAdamW(
                Array.ConvertAll(active, p => (Tensor)p.Parameter), Array.ConvertAll(active, p => p.Gradient!),
                Array.ConvertAll(moments, m => m.Average), Array.ConvertAll(moments, m => m.Square), Array.ConvertAll(moments, m => m.Step),
                group.LearningRate, beta1, beta2, group.WeightDecay, epsilon);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State() =>
        _moments.SelectMany(m => new[] { ($"{m.Key}.step", m.Value.Step), ($"{m.Key}.exp_avg", m.Value.Average), ($"{m.Key}.exp_avg_sq", m.Value.Square) });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var moments in _moments.Values)
            moments.Dispose();
        _moments.Clear();
    }

    private Moments MomentsOf(string name, Parameter parameter)
    {
        if (!_moments.TryGetValue(name, out var moments))
            _moments[name] = moments = new Moments(parameter);
        return moments;
    }

    private sealed class Moments(Parameter parameter) : IDisposable
    {
        public Tensor Step { get; } = zeros(1, ScalarType.Float32, parameter.device).squeeze_(0).DetachFromDisposeScope();
        public Tensor Average { get; } = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
        public Tensor Square { get; } = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();

        public void Dispose()
        {
            Step.Dispose();
            Average.Dispose();
            Square.Dispose();
        }
    }
}
