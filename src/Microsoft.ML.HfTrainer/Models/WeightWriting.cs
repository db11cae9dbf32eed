using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Describes tensors for the safetensors writer, which asks for the bytes of one after another.</summary>
internal static class WeightWriting
{
    /// <summary>The metadata that Hugging Face Transformers writes with weights.</summary>
    public static readonly IReadOnlyDictionary<string, string> Metadata = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Describes a tensor under a name.</summary>
    public static SafetensorsTensor Describe(string name, Tensor tensor) =>
        new(name, TensorTypes.Of(tensor.dtype), tensor.shape, stream => Write(tensor, stream));

    private static void Write(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        const int Slice = 1 << 24;
        for (var start = 0L; start < flat.shape[0]; start += Slice)
            stream.Write(flat.narrow(0, start, Math.Min(Slice, flat.shape[0] - start)).bytes);
    }
}
