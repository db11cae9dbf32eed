using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// A block of a model. Its children are registered under their names in checkpoints. The values of its parameters are undefined until an <c>AutoModel</c> class loads or initializes the
/// model, or until <see cref="InitializeWeights"/> is called.
/// </summary>
public abstract class Layer() : nn.Module("layer")
{
    /// <summary>Fills one of its own parameters with initial values. By default it keeps the values that its constructor gave it.</summary>
    /// <param name="name">The parameter's name in this block.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="deviation">The standard deviation of initial weights (<c>initializer_range</c>).</param>
    public virtual void Initialize(string name, Tensor parameter, double deviation)
    {
    }

    /// <summary>Fills the parameters of this block and of all blocks in it with initial values, for modules that no <c>AutoModel</c> class creates.</summary>
    /// <param name="deviation">The standard deviation of initial weights. Default: 0.02.</param>
    public void InitializeWeights(double deviation = 0.02)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var placed in PlacedWeight.AllOf(this))
            if (placed.Module is Layer layer)
                placed.Weight.Initialize(values => layer.Initialize(placed.Weight.Name, values, deviation));
    }

    /// <summary>true if checkpoints hold its parameters. If false, they are initialized whenever a model is loaded.</summary>
    public virtual bool IsSaved => true;

    /// <summary>true if checkpoints may lack its parameters, without their being reported as missing.</summary>
    public virtual bool IsOptional => !IsSaved;

    /// <summary>Returns its own weights, without those of its children, as checkpoints hold them: each loads, saves and initializes itself.</summary>
    internal virtual IEnumerable<CheckpointWeight> CheckpointWeights() => CheckpointWeight.OwnOf(this);

    /// <summary>Does nothing: blocks register their components by name, and reflection would register each a second time.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this.ConvertInPlace(t => t.is_floating_point() ? t.to(dtype, device) : t.to(device));

    /// <inheritdoc/>
    protected override nn.Module _to(TorchSharp.DeviceType deviceType, int deviceIndex, bool non_blocking) => this.ConvertInPlace(t => t.to(new Device(deviceType, deviceIndex)));

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking) => this.ConvertInPlace(t => t.is_floating_point() ? t.to(dtype) : t.alias());
}
