using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Activation functions by the names that configurations use.</summary>
internal static class Activations
{
    /// <summary>The Gaussian error linear unit, exact (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    public static readonly Func<Tensor, Tensor> Gelu = x => nn.functional.gelu(x);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> _byName = new()
    {
        ["gelu"] = Gelu,
        ["gelu_new"] = x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["gelu_pytorch_tanh"] = x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["relu"] = x => nn.functional.relu(x),
        ["silu"] = x => nn.functional.silu(x),
        ["swish"] = x => nn.functional.silu(x),
        ["tanh"] = x => x.tanh(),
    };

    /// <summary>The function that the field <paramref name="field"/> of a configuration names.</summary>
    public static Func<Tensor, Tensor> Get(PretrainedConfig config, string field, string otherwise) => Named(config, field, config.GetString(field, otherwise));

    /// <summary>The function of a name that was read in the field <paramref name="field"/> of a configuration.</summary>
    public static Func<Tensor, Tensor> Named(PretrainedConfig config, string field, string name)
    {
        return _byName.TryGetValue(name, out var function)
            ? function
            : throw config.Error(field, $"names the activation '{name}', which is not known", $"one of {string.Join(", ", _byName.Keys)}");
    }
}
