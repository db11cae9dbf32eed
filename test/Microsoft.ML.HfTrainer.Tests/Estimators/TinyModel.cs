using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A model folder with the weights of a tiny golden checkpoint (120 tokens, 48 positions) and a vocabulary of English words.</summary>
internal sealed class TinyModel : IDisposable
{
    private const string Words =
        "a an the this that it he she we they i you is was are were be not no never very so too and or but of in on at to for with by from my our " +
        "good bad great poor fine awful lovely dull bright dark fast slow warm cold fresh stale clean dirty happy sad best worst " +
        "film book meal room shop phone plot cast song show staff soup bread story end start day night price value sound screen bed view " +
        "like love hate enjoy buy sell eat read watch sleep wait work break";

    public TinyModel(string architecture = "bert")
    {
        Folder = Directory.CreateTempSubdirectory("hftrainer-tiny-").FullName;
        foreach (var file in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(GoldenFolder.Repository, "test/Fixtures/golden/models", architecture + ".sequence-classification", file), this[file]);
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "!", .. Words.Split(' ')];
        File.WriteAllLines(this["vocab.txt"], [.. tokens, .. Enumerable.Range(tokens.Length, 120 - tokens.Length).Select(i => $"[unused{i}]")]);
        File.WriteAllText(this["tokenizer_config.json"], """{ "do_lower_case": true, "model_max_length": 64 }""");
    }

    public string Folder { get; }

    public string Name => Path.GetFileName(Folder);

    public string this[string file] => Path.Combine(Folder, file);

    /// <summary>Changes a file's text.</summary>
    public TinyModel Edit(string file, string old, string replacement)
    {
        var text = File.ReadAllText(this[file]);
        Assert.Contains(old, text);
        File.WriteAllText(this[file], text.Replace(old, replacement));
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
