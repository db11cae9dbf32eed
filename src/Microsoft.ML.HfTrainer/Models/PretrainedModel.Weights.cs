using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

public abstract partial class PretrainedModel
{
    /// <summary>Freezes the weights whose names match a regular expression, such as <c>encoder\.layer\.[0-5]\.</c>.</summary>
    /// <param name="pattern">The regular expression, case-sensitive; <c>^</c> and <c>$</c> bind it to a whole name.</param>
    /// <returns>The number of parameters that match.</returns>
    /// <exception cref="ArgumentException">The pattern is not a regular expression, or matches no name.</exception>
    public int Freeze(string pattern) => SetTraining(pattern, training: false);

    /// <summary>Unfreezes the weights whose names match a regular expression: the reverse of <see cref="Freeze"/>.</summary>
    /// <inheritdoc cref="Freeze"/>
    public int Unfreeze(string pattern) => SetTraining(pattern, training: true);

    /// <summary>Freezes the embeddings: the tables of tokens, positions and token types, and their norms.</summary>
    /// <returns>The number of parameters that are frozen.</returns>
    public int FreezeEmbeddings()
    {
        var tables = named_modules().Where(m => m.module is Embedding).Select(m => m.name).ToList();
        return SetTraining(ParameterNames.Where(name => LayerOf(name) is null
            && (name.Split('.')[..^1].Contains("embeddings") || tables.Any(table => name.StartsWith(table + ".", StringComparison.Ordinal)))), training: false);
    }

    /// <summary>Freezes the first layers; of an encoder-decoder, those of both stacks.</summary>
    /// <param name="count">The number of layers, counted from the input.</param>
    /// <returns>The number of parameters that are frozen.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The model has fewer layers.</exception>
    public int FreezeLayers(int count)
    {
        var layers = ParameterNames.Max(LayerOf) + 1 ?? 0;
        if (count < 0 || count > layers)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The model has {layers} layers.");
        return SetTraining(ParameterNames.Where(name => LayerOf(name) < count), training: false);
    }

    private IEnumerable<string> ParameterNames => named_parameters().Select(p => p.name);

    private int SetTraining(string pattern, bool training)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Regex expression;
        try
        {
            expression = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (RegexParseException failure)
        {
            throw new ArgumentException($"'{pattern}' is no regular expression: {failure.Message}", nameof(pattern), failure);
        }
        return SetTraining(ParameterNames.Where(name => expression.IsMatch(name)), training) is > 0 and var count
            ? count
            : throw new ArgumentException($"'{pattern}' is found in no name of a weight; the first is '{ParameterNames.First()}', the last '{ParameterNames.Last()}'.", nameof(pattern));
    }

    private int SetTraining(IEnumerable<string> names, bool training)
    {
        var chosen = names.ToHashSet();
        foreach (var (_, parameter) in named_parameters().Where(p => chosen.Contains(p.name)))
            parameter.requires_grad = training;
        return chosen.Count;
    }

    // The first number in a name is that of the layer, whatever layers are called.
    private static int? LayerOf(string name) => name.Split('.').Select(part => int.TryParse(part, out var number) ? number : (int?)null).FirstOrDefault(number => number is not null);

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this.ConvertInPlace(t => t.is_floating_point() ? t.to(dtype, device) : t.to(device));

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this.ConvertInPlace(t => t.to(new Device(deviceType, deviceIndex)));

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking) => this.ConvertInPlace(t => t.is_floating_point() ? t.to(dtype) : t.alias());

    /// <summary>Converts the parameters of modules from outside this library, which their constructors make in float32, to the type of the others.</summary>
    internal void ConvertForeignParameters(ScalarType type)
    {
        using var noGrad = no_grad();
        foreach (var values in PlacedWeight.AllOf(this).Where(w => w.Module is not Models.Layers.Layer && !w.Weight.IsBuffer).Select(w => w.Weight.Values).Where(v => v.is_floating_point() && v.dtype != type))
        {
            using var converted = values.detach().to(type);
            TorchScript.SetData(values, converted);
        }
    }
}
