using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>One folder of golden models: checkpoint, batch, and what the original makes of them.</summary>
internal sealed class ModelCase
{
    public const string File = "case.json";

    private readonly JsonElement _case;

    public ModelCase(string folder)
    {
        using var document = GoldenFolder.ReadJson(Path.Combine(folder, File));
        (Folder, _case) = (folder, document.RootElement.Clone());
    }

    public string Folder { get; }

    public string HeadName => _case.GetProperty("head").GetString()!;

    public bool Generates => _case.TryGetProperty("generate", out _);

    /// <summary>What was generated: a name, the settings, and the rows, each as its token ids.</summary>
    public IEnumerable<(string Name, GenerationConfig Config, IReadOnlyList<string> Sequences)> Generations =>
        from call in _case.GetProperty("generate").EnumerateObject()
        let config = GenerationConfig.Parse(call.Name, Encoding.UTF8.GetBytes(call.Value.GetProperty("args").GetRawText()))
        let length = config.MaxNewTokens ??= 10
        select (call.Name, config, (IReadOnlyList<string>)[.. call.Value.GetProperty("sequences").EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray()))]);

    /// <summary>The batch that was generated from: of causal models the first row.</summary>
    public Batch GenerationBatch()
    {
        using var batch = Batch();
        var rows = HeadName == "causal-lm" ? 1 : Size;
        var first = new Batch { Size = rows };
        foreach (var name in new[] { "input_ids", "attention_mask" })
            first[name] = batch[name].narrow(0, 0, rows).clone().DetachFromDisposeScope();
        return first;
    }

    public double? Loss => _case.TryGetProperty("loss", out var loss) ? loss.GetDouble() : null;

    public JsonElement? Run => _case.TryGetProperty("run", out var run) ? run : null;

    public IReadOnlyDictionary<string, GoldenTensor> Expected => GoldenTensor.ReadAll(Path.Combine(Folder, "expected.safetensors"));

    // Here a constant is added to a row by rounding noise, without effect on the loss.
    public bool RowsAreFree => HeadName is "question-answering" or "multiple-choice";

    public int Size => _case.GetProperty("inputs").GetProperty("input_ids").GetArrayLength();

    /// <summary>What a tolerance is multiplied by.</summary>
    public double Slack(string what) => _case.GetProperty("sensitivity").TryGetProperty(what, out var value) ? Math.Max(1, 10 * value.GetDouble()) : 1;

    /// <summary>The batch of the case.</summary>
    /// <param name="withPadding">Whether the last text loses two tokens where no text has padding.</param>
    public Batch Batch(bool withPadding = false)
    {
        var inputs = _case.GetProperty("inputs").EnumerateObject().ToDictionary(i => i.Name, i => GoldenTensor.FromJson(i.Value));
        var batch = new Batch
        {
            Size = Size,
            Lengths = Lengths(inputs["attention_mask"], withPadding),
            OwnLabelCount = inputs.TryGetValue(HfTrainer.Batch.Labels, out var labels) ? GoldenTensor.Of(labels).Values.Count(v => v != -100) : 0,
        };
        foreach (var (name, tensor) in inputs)
            batch[name] = tensor;
        return batch;
    }

    // Padding follows the tokens in every case.
    private static int[] Lengths(TorchSharp.torch.Tensor mask, bool withPadding)
    {
        var width = (int)mask.shape[^1];
        int[] Count() => [.. GoldenTensor.Of(mask).Values.Chunk(width).Select(row => (int)row.Sum())];
        if (withPadding && Count().All(length => length == width))
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            mask.view(-1, width)[-1].narrow(0, width - 2, 2).zero_();
        }
        return Count();
    }

    /// <summary>The rows of the batch as examples.</summary>
    public List<Example> Examples() =>
        [.. Enumerable.Range(0, Size).Select(row => GoldenExamples.Read(_case.GetProperty("inputs").EnumerateObject().Select(i => KeyValuePair.Create(i.Name, i.Value[row]))))];

    public PretrainedModel Open(AttentionImplementation attention) => GoldenModel.Open(Folder, GoldenModel.Head(HeadName), attention);
}
