using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>An element-wise activation function and its name in Hugging Face configurations (<c>hidden_act</c>, <c>activation_function</c> and similar fields).</summary>
/// <param name="name">The name in configurations.</param>
/// <param name="function">The function. It maps a tensor to one of the same shape and type.</param>
public sealed class Activation(string name, Func<Tensor, Tensor> function)
{
    private static readonly ConcurrentDictionary<string, Activation> _registered = new(new Activation[]
    {
        new("gelu", x => nn.functional.gelu(x)),
        new("gelu_10", x => nn.functional.gelu(x).clamp(-10, 10)),
        new("gelu_accurate", GeluTanh),
        new("gelu_fast", GeluTanh),
        new("gelu_new", GeluTanh),
        new("gelu_python", x => nn.functional.gelu(x)),
        new("gelu_python_tanh", GeluTanh),
        new("gelu_pytorch_tanh", GeluTanh),
        new("hardswish", x => nn.functional.hardswish(x)),
        new("laplace", Laplace),
        new("leaky_relu", x => x.maximum(x * 0.01)),
        new("linear", x => x),
        new("mish", x => x * Softplus(x).tanh()),
        new("quick_gelu", x => x * (x * 1.702).sigmoid()),
        new("relu", x => nn.functional.relu(x)),
        new("relu2", x => nn.functional.relu(x).pow(2)),
        new("relu6", x => nn.functional.relu6(x)),
        new("sigmoid", x => x.sigmoid()),
        new("silu", x => nn.functional.silu(x)),
        new("sqrtsoftplus", x => Softplus(x).sqrt()),
        new("swish", x => nn.functional.silu(x)),
        new("tanh", x => x.tanh()),
        new("prelu", () => new Prelu()),
        new("xielu", () => new Xielu()),
    }.ToDictionary(a => a.Name));

    // Creates the block of an activation with weights, which each place that uses it has for itself.
    private readonly Func<LearnedActivation>? _block;

    private Activation(string name, Func<LearnedActivation> block) : this(name, _ => throw new NotSupportedException($"The activation '{name}' has weights, for which the block that uses it has no place.")) => _block = block;

    /// <summary>The Gaussian error linear unit, computed exactly (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    public static Activation Gelu { get; } = Get("gelu");

    /// <summary>The identity function.</summary>
    public static Activation Identity { get; } = Get("linear");

    /// <summary>The rectified linear unit.</summary>
    public static Activation Relu { get; } = Get("relu");

    /// <summary>The hyperbolic tangent.</summary>
    public static Activation Tanh { get; } = Get("tanh");

    /// <summary>The name in configurations.</summary>
    public string Name { get; } = name;

    /// <summary>Returns the activation of that name.</summary>
    /// <exception cref="ArgumentException">No activation has that name.</exception>
    public static Activation Get(string name) =>
        _registered.TryGetValue(name, out var activation) ? activation : throw new ArgumentException($"The activation '{name}' is not known; it should be {Known}.", nameof(name));

    /// <summary>Registers an activation. It replaces one of the same name.</summary>
    public static void Register(Activation activation) => _registered[activation.Name] = activation;

    /// <summary>Returns the activation that a field of a configuration names.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="field">The field, such as <c>hidden_act</c>.</param>
    /// <param name="defaultName">The name that applies if the field is absent or null.</param>
    /// <exception cref="InvalidDataException">No activation has that name.</exception>
    public static Activation FromConfig(PretrainedConfig config, string field, string defaultName) => FromConfigValue(config, field, config.GetString(field, defaultName));

    /// <summary>Returns the activation of a name that was derived from the value of a field.</summary>
    internal static Activation FromConfigValue(PretrainedConfig config, string field, string name) =>
        _registered.TryGetValue(name, out var activation) ? activation
        : throw config.Error(field, $"names the activation '{name}', which is not known", Known);

    /// <summary>Applies the function to each element.</summary>
    /// <param name="input">A tensor of any shape.</param>
    /// <returns>A tensor of the same shape, which may be the input itself.</returns>
    public Tensor Forward(Tensor input) => function(input);

    /// <summary>Returns the activation as a part of a module. One with weights, such as <c>prelu</c>, registers them there, so that they are trained and saved; others return themselves.</summary>
    /// <param name="module">The module.</param>
    /// <param name="name">The name of the activation in checkpoints, relative to the module.</param>
    public Activation In(nn.Module module, string name)
    {
        if (_block is null)
            return this;
        var block = module.Register(name, _block());
        return new(Name, block.Forward);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Known => $"one of {string.Join(", ", _registered.Keys.Order(StringComparer.Ordinal))}";

    private static Tensor GeluTanh(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);

    // From MEGA (Ma et al. 2022, arXiv:2209.10655): a bounded approximation of the squared rectified linear unit.
    private static Tensor Laplace(Tensor x) => (((x - 0.707107) / (0.282095 * Math.Sqrt(2))).erf() + 1) * 0.5;

    private static Tensor Softplus(Tensor x) => -nn.functional.logsigmoid(-x);
}
