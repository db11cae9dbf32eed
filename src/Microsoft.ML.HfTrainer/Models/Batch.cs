using Microsoft.ML.HfTrainer.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The tensors of a batch by name, such as <c>input_ids</c> <c>[batch, length]</c> and <c>labels</c> <c>[batch]</c>. Disposing it disposes them.</summary>
public sealed class Batch : Dictionary<string, Tensor>, IDisposable
{
    /// <summary>The name of the labels tensor.</summary>
    public const string Labels = "labels";

    // What examples may call labels too, and collators rename.
    internal static readonly string[] OtherLabelNames = ["label", "label_ids"];

    /// <summary>The label that losses and metrics ignore, such as that of padding.</summary>
    public const int IgnoredLabel = -100;

    /// <summary>The name of the tensor of example weights, <c>[batch]</c>, by which a weighted loss multiplies the losses of examples.</summary>
    public const string ExampleWeights = "example_weights";

    // By the tensor on the device, the one on the CPU that it was copied from.
    private readonly Dictionary<Tensor, Tensor> _copied = new(ReferenceEqualityComparer.Instance);
    private Batch? _texts;

    /// <summary>The number of examples.</summary>
    public int Size { get; init; }

    /// <summary>false if <c>attention_mask</c> is known to be 1 everywhere, so that models need no mask. Default: true.</summary>
    public bool HasPadding { get; init; } = true;

    /// <summary>The number of tokens of each text if padding follows them; null if padding may be elsewhere.</summary>
    public IReadOnlyList<int>? Lengths { get; init; }

    /// <summary>true to let the model compute without padding (packed), which gives the same output faster.</summary>
    public bool Packed { get; set; }

    /// <summary>The number of labels other than <see cref="IgnoredLabel"/> in this batch; 0 if it has none.</summary>
    public long OwnLabelCount { get; set; }

    /// <summary>The number of labels other than <see cref="IgnoredLabel"/> over all micro-batches of the update that this batch belongs to; null outside training.</summary>
    public long? LabelCount { get; set; }

    /// <summary>Returns the tensor of a name, or null.</summary>
    public Tensor? Find(string name) => TryGetValue(name, out var tensor) ? tensor : null;

    /// <summary>Returns the tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">The batch has no such tensor; the message names those it has.</exception>
    public Tensor Get(string name) =>
        TryGetValue(name, out var tensor) ? tensor : throw new KeyNotFoundException($"The batch has no '{name}', which the model needs; it has {string.Join(", ", Keys)}.");

    /// <summary>Moves the tensors of the batch to a device, disposes those that were elsewhere, and returns the batch.</summary>
    /// <remarks>Tensors of one number per example or token stay on the CPU too until the batch is disposed, so that their values can be checked without waiting for the device.</remarks>
    public Batch To(Device device)
    {
        foreach (var (name, tensor) in this.Where(p => p.Value.device_type != device.type || p.Value.device_index != device.index && device.index >= 0).ToList())
        {
            var moved = this[name] = tensor.to(device).DetachFromDisposeScope();
            if (device.type != DeviceType.CPU && tensor.device_type == DeviceType.CPU && (!tensor.is_floating_point() || tensor.dim() <= 2))
                _copied[moved] = tensor;
            else
                tensor.Dispose();
        }
        return this;
    }

    /// <summary>true if the batch belongs to an update of which all labels are <see cref="IgnoredLabel"/>, as where no token is masked.</summary>
    internal bool LacksLabels { get; set; }

    /// <summary>The examples that the batch was made of, for messages; null if they are not known.</summary>
    internal BatchSource? Source { get; set; }

    /// <summary>Returns the tensor of a name as it is, or was, on the CPU; null if there is none, or if it was made on another device.</summary>
    internal Tensor? OnCpu(string name) => Find(name) is not { } tensor ? null : tensor.device_type == DeviceType.CPU ? tensor : _copied.GetValueOrDefault(tensor);

    /// <summary>
    /// Returns the texts of a multiple-choice batch, <c>[batch, choices, length]</c>, as a batch <c>[batch · choices, length]</c> of views that live as long as this one. Other tensors
    /// are left out.
    /// </summary>
    internal Batch Texts()
    {
        if (_texts is null)
        {
            var several = this.Where(t => t.Value.dim() >= 3).ToList();
            if (several.Count == 0)
                throw new ArgumentException($"Multiple choice takes 'input_ids' [batch, choices, length]; this batch has {string.Join(", ", this.Select(t => $"{t.Key} [{string.Join(", ", t.Value.shape)}]"))}.");
            _texts = new Batch { Size = (int)(several[0].Value.shape[0] * several[0].Value.shape[1]), HasPadding = HasPadding, Lengths = Lengths };
            foreach (var (name, tensor) in several)
                _texts[name] = tensor.flatten(0, 1).DetachFromDisposeScope();
        }
        _texts.Packed = Packed;
        return _texts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _texts?.Dispose();
        foreach (var tensor in Values.Concat(_copied.Values))
            tensor.Dispose();
    }
}
