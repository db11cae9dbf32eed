using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of optimizers that keep state tensors for each parameter. A derived class defines the state and the update of one parameter.</summary>
/// <param name="groups">The parameter groups.</param>
public abstract class ParameterwiseOptimizer(IReadOnlyList<ParameterGroup> groups) : Optimizer(groups)
{
    private readonly Dictionary<string, OptimizedParameter> _known = [];

    /// <inheritdoc/>
    public sealed override void Step()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var active = new List<OptimizedParameter>();
        foreach (var group in Groups)
        {
            active.Clear();
            foreach (var (name, parameter) in group.Parameters)
            {
                var gradient = parameter.grad;
                if (gradient is null && !HasStateWithoutGradient)
                    continue;
                var known = Known(name, parameter);
                if (gradient is null)
                    continue;
                known.Gradient = gradient;
                active.Add(known);
            }
            if (active.Count == 0)
                continue;
            UpdateGroup(group, active);
            foreach (var parameter in active)
                parameter.IsFirstStep = false;
        }
    }

    internal override void PrepareStep()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in Groups.SelectMany(g => g.Parameters))
            if (HasStateWithoutGradient || parameter.grad is not null)
                Known(name, parameter);
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<(string Name, Tensor Tensor)> State() =>
        _known.Values.SelectMany(p => p.StateNames.Select(state => ($"{p.Name}.{state}", p[state])));

    /// <inheritdoc/>
    public sealed override void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var loaded = new Dictionary<string, OptimizedParameter>();
        try
        {
            foreach (var (name, parameter) in Groups.SelectMany(g => g.Parameters))
                if (Load(name, parameter, state) is { } known)
                    loaded[name] = known;
            var taken = loaded.Values.SelectMany(p => p.StateNames.Select(s => $"{p.Name}.{s}")).ToHashSet();
            if (state.Keys.FirstOrDefault(key => !taken.Contains(key)) is { } foreign)
                throw new InvalidDataException($"The optimizer's state holds '{foreign}', which {GetType().Name} keeps for no parameter here; it was written by another optimizer (TrainingArguments.Optim and OptimArgs have to be the same) or for another model.");
        }
        catch
        {
            Free(loaded);
            throw;
        }
        Free(_known);
        foreach (var (name, known) in loaded)
            _known[name] = known;
    }

    /// <summary>Indicates whether parameters that never had a gradient have a state, too. Default: false.</summary>
    protected virtual bool HasStateWithoutGradient => false;

    /// <summary>Returns the state of a parameter before its first step, by the names used in checkpoints. A scalar is a tensor without dimensions.</summary>
    /// <param name="parameter">The parameter, of any shape.</param>
    protected abstract IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter);

    /// <summary>Updates one parameter. Called without gradient recording, in a dispose scope of its own.</summary>
    /// <param name="group">The parameter group, with the learning rate of this step.</param>
    /// <param name="parameter">The parameter.</param>
    protected abstract void Update(ParameterGroup group, OptimizedParameter parameter);

    /// <summary>Updates the parameters of a group that have gradients. The default implementation calls <see cref="Update"/> for each.</summary>
    /// <param name="group">The group, with the learning rate of this step.</param>
    /// <param name="parameters">The parameters of the group that have gradients; at least one.</param>
    protected virtual void UpdateGroup(ParameterGroup group, IReadOnlyList<OptimizedParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            using var scope = NewDisposeScope();
            Update(group, parameter);
        }
    }

    /// <summary>Returns the gradient, negated if the loss is maximized, plus the weight decay (L2 regularization).</summary>
    protected static Tensor DecayedGradient(ParameterGroup group, OptimizedParameter parameter, bool maximize)
    {
        var gradient = maximize ? parameter.Gradient.neg() : parameter.Gradient;
        return group.WeightDecay == 0 ? gradient : gradient.add(parameter.Value, alpha: group.WeightDecay);
    }

    /// <summary>Returns the gradient, negated if the loss is maximized. Weight decay is applied to the parameter if it is decoupled, and added to the gradient otherwise.</summary>
    protected static Tensor WithDecay(ParameterGroup group, OptimizedParameter parameter, bool decoupled, bool maximize)
    {
        if (!decoupled)
            return DecayedGradient(group, parameter, maximize);
        if (group.WeightDecay != 0)
            parameter.Value.mul_(1 - group.LearningRate * group.WeightDecay);
        return maximize ? parameter.Gradient.neg() : parameter.Gradient;
    }

    /// <summary>Creates a step counter of 0, on the CPU by default.</summary>
    protected static Tensor StepCounter(Device? device = null) => Scalar(0, device);

    /// <summary>Creates a float32 tensor without dimensions, on the CPU by default.</summary>
    protected static Tensor Scalar(double value, Device? device = null) => full([], value, ScalarType.Float32, device ?? CPU);

    /// <summary>Creates zeros with the shape, type and device of a parameter.</summary>
    protected static Tensor ZerosLike(Tensor parameter) => zeros_like(parameter, requires_grad: false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Free(_known);

    /// <summary>Checks that a decay rate is in [0, 1).</summary>
    private protected static double DecayRate(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"The optimizer's {name} is {value}; it should be from 0 up to, but not, 1."));

    /// <summary>Checks that a setting is not negative.</summary>
    private protected static double NonNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"The optimizer's {name} is {value}; it should be a number from 0 up."));

    private OptimizedParameter Known(string name, Parameter parameter)
    {
        if (!_known.TryGetValue(name, out var known))
            _known[name] = known = new OptimizedParameter(name, parameter, InitialState(parameter));
        return known;
    }

    // Returns null for a parameter without saved state: it had no gradient yet.
    private OptimizedParameter? Load(string name, Parameter parameter, IReadOnlyDictionary<string, Tensor> state)
    {
        var known = new OptimizedParameter(name, parameter, InitialState(parameter)) { IsFirstStep = false };
        try
        {
            var there = known.StateNames.Where(s => state.ContainsKey($"{name}.{s}")).ToList();
            if (there.Count == 0)
            {
                known.Dispose();
                return null;
            }
            foreach (var key in known.StateNames)
                Copy($"{name}.{key}", known[key], state, there[0]);
            return known;
        }
        catch
        {
            known.Dispose();
            throw;
        }
    }

    private void Copy(string name, Tensor target, IReadOnlyDictionary<string, Tensor> state, string sibling)
    {
        if (!state.TryGetValue(name, out var source))
            throw new InvalidDataException($"The optimizer's state lacks '{name}', which {GetType().Name} needs; it has '{sibling}' of the same parameter. TrainingArguments.Optim and OptimArgs have to be those that it was written with.");
        // Some files store a scalar as a vector of one element.
        var alike = target.dim() == 0 ? source.numel() == 1 : source.shape.AsSpan().SequenceEqual(target.shape);
        if (!alike)
            throw new InvalidDataException($"The optimizer's state '{name}' has the shape [{string.Join(", ", source.shape)}]; it should be [{string.Join(", ", target.shape)}], as the model has it.");
        target.copy_(source.reshape(target.shape));
    }

    private static void Free(Dictionary<string, OptimizedParameter> parameters)
    {
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
        parameters.Clear();
    }
}
