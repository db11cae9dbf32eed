using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Sentences;

/// <summary>A linear map of vectors and an activation, with a residual connection if the configuration asks for one.</summary>
internal sealed record DenseModule(string Type, JsonFields Fields) : SentenceModule(Type, Fields)
{
    private const string Linear = "linear", Residual = "residual", ActivationField = "activation_function", Inputs = "in_features", Outputs = "out_features";

    // The configuration holds the full name of a PyTorch class.
    private static readonly Dictionary<string, Activation> _activations = new()
    {
        ["Identity"] = Activation.Identity,
        ["Tanh"] = Activation.Tanh,
        ["ReLU"] = Activation.Relu,
        ["GELU"] = Activation.Gelu,
        ["SiLU"] = Activation.Get("silu"),
        ["Sigmoid"] = Activation.Get("sigmoid"),
    };

    public override string Kind => SentenceModuleList.Dense;

    /// <summary>Reads one whose weights have the sizes that its configuration gives.</summary>
    public static DenseModule Open(SentenceModuleEntry entry, string folder)
    {
        var module = new DenseModule(entry.Type, ReadFields(folder));
        _ = module.OutputActivation;
        using var weights = WeightFiles.Open(folder);
        long[] shape = [module.Fields.GetSize(Outputs), module.Fields.GetSize(Inputs)];
        // Before anything of that size is made.
        if (!weights.Entries.TryGetValue($"{Linear}.weight", out var weight))
            throw new InvalidDataException($"{folder}: its weights have no '{Linear}.weight'; they have {string.Join(", ", weights.Entries.Keys.Take(8))}.");
        if (!weight.Shape.SequenceEqual(shape))
            throw module.Fields.Error(Outputs, $"is {shape[0]}, and {Inputs} {shape[1]}, but '{weight.Name}' has the shape [{string.Join(", ", weight.Shape)}]", "its first size, and the other its second");
        return module;
    }

    public override SentenceStep Build(long size)
    {
        var (inputs, outputs) = (Fields.GetSize(Inputs), Fields.GetSize(Outputs));
        if (inputs != size)
            throw Fields.Error(Inputs, $"is {inputs}", $"{size}, the size of the vectors that come to it");
        var block = new Block();
        var (activation, linear) = (OutputActivation, block.Register(Linear, new Linear(inputs, outputs, Fields.GetBool("bias", true))));
        Func<Tensor, Tensor> map = x => activation.Forward(linear.Forward(x));
        if (!Fields.GetBool("use_residual", false))
            return new(map, outputs, block);
        if (inputs == outputs)
            return new(x => map(x) + x, outputs, block);
        var residual = block.Register(Residual, new Linear(inputs, outputs, bias: false));
        return new(x => map(x) + residual.Forward(x), outputs, block);
    }

    private Activation OutputActivation
    {
        get
        {
            var name = Fields.GetString(ActivationField, "torch.nn.modules.activation.Tanh");
            return name.StartsWith("torch.", StringComparison.Ordinal) && _activations.TryGetValue(name[(name.LastIndexOf('.') + 1)..], out var activation)
                ? activation
                : throw Fields.Error(ActivationField, $"is \"{name}\", which is not known", $"PyTorch's class of one of {string.Join(", ", _activations.Keys)}");
        }
    }

    // The model's own files do not hold it: it has a folder.
    private sealed class Block : Layer
    {
        public override bool IsSaved => false;
    }
}
