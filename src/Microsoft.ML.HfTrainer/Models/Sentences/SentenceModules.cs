using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Models.Sentences;

/// <summary>The modules of sentence-transformers that compute embeddings from hidden states, and the other settings of such a folder.</summary>
internal sealed class SentenceModules
{
    private const string PoolingMode = "pooling_mode", OldSize = "word_embedding_dimension", IncludePromptField = "include_prompt", Task = "transformer_task", Modalities = "modality_config";

    private readonly string _transformerType = "sentence_transformers.models.Transformer", _poolingType = "sentence_transformers.models.Pooling";
    private readonly JsonFields _pooling;

    private SentenceModules(JsonFields pooling) => (_pooling, Poolings) = (pooling, ReadPoolings(pooling));

    private SentenceModules(string folder, IReadOnlyList<SentenceModuleEntry> entries)
    {
        (_transformerType, _poolingType) = (entries[0].Type, entries[1].Type);
        _pooling = ReadFile(Path.Combine(folder, entries[1].Path, SentenceModuleList.Configuration));
        Poolings = ReadPoolings(_pooling);
        Steps = [.. entries.Skip(2).Select(entry => SentenceModule.Read(entry, folder))];
        var transformer = Path.Combine(folder, entries[0].Path);
        Transformer = SentenceModuleList.TransformerFiles.Select(name => Path.Combine(transformer, name)).FirstOrDefault(File.Exists) is { } path ? ReadFile(path) : Transformer;
        Whole = Path.Combine(folder, SentenceModuleList.WholeFile) is var whole && File.Exists(whole) ? ReadFile(whole) : Whole;
        RefuseOtherTasks(Transformer);
    }

    private SentenceModules(SentenceModules other, JsonFields pooling, IReadOnlyList<SentenceModule> steps)
    {
        (_transformerType, _poolingType, _pooling, Poolings, Steps) = (other._transformerType, other._poolingType, pooling, ReadPoolings(pooling), steps);
        (Transformer, Whole) = (other.Transformer.Clone(), other.Whole.Clone());
    }

    /// <summary>The poolings, whose vectors are concatenated.</summary>
    public IReadOnlyList<SentencePooling> Poolings { get; }

    /// <summary>true if the tokens of a prompt are pooled too (<c>include_prompt</c>).</summary>
    public bool IncludePrompt
    {
        get => _pooling.GetBool(IncludePromptField, true);
        set => _pooling.Set(IncludePromptField, JsonValue.Create(value));
    }

    /// <summary>The modules that follow the pooling.</summary>
    public IReadOnlyList<SentenceModule> Steps { get; } = [];

    /// <summary>The settings of texts (<c>sentence_bert_config.json</c>).</summary>
    public JsonFields Transformer { get; } = JsonFields.Read(SentenceModuleList.TransformerFiles[0], """{ "max_seq_length": null, "do_lower_case": false }"""u8);

    /// <summary>The settings of the model as a whole (<c>config_sentence_transformers.json</c>).</summary>
    public JsonFields Whole { get; } =
        JsonFields.Read(SentenceModuleList.WholeFile, """{ "model_type": "SentenceTransformer", "prompts": {}, "default_prompt_name": null, "similarity_fn_name": "cosine" }"""u8);

    /// <summary>Reads the modules of a folder, and finds the folder of its model. The modules are null if the folder is not one of sentence-transformers.</summary>
    public static (SentenceModules? Modules, string ModelFolder) Read(string folder)
    {
        var list = Path.Combine(folder, SentenceModuleList.FileName);
        if (!File.Exists(list))
            return (null, folder);
        var entries = SentenceModuleList.Read(list);
        return (new SentenceModules(folder, entries), Path.Combine(folder, entries[0].Path));
    }

    /// <summary>Returns the folder of the model itself in a folder.</summary>
    public static string ModelFolderOf(string folder) =>
        Path.Combine(folder, SentenceModuleList.FileName) is var list && File.Exists(list) ? Path.Combine(folder, SentenceModuleList.Read(list)[0].Path) : folder;

    /// <summary>Returns the folder of sentence-transformers whose model is in a folder: the folder itself, or that around it.</summary>
    public static string RootOf(string folder) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is { } around && Path.GetFullPath(ModelFolderOf(around)) is var model && model != Path.GetFullPath(around)
            && model == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) ? around : folder;

    /// <summary>Returns the default modules: the mean, or the last token of a causal language model.</summary>
    public static SentenceModules Default(PretrainedConfig config)
    {
        var goesOn = config.GetTexts("architectures") is [var name, ..] && name.EndsWith("ForCausalLM", StringComparison.Ordinal) && config.GetBool("is_causal", true);
        return new SentenceModules(Pool(JsonFields.Read(SentenceModuleList.Pooling, "{}"u8), goesOn ? EmbeddingPooling.LastToken : EmbeddingPooling.Mean));
    }

    /// <summary>Returns an independent copy, if asked for with another pooling, and with or without normalization.</summary>
    public SentenceModules With(EmbeddingPooling? pooling = null, bool? normalize = null)
    {
        var steps = Steps.Where(step => normalize != false || step is not NormalizeModule).ToList();
        if (normalize == true && steps is not [.., NormalizeModule])
            steps.Add(new NormalizeModule());
        return new SentenceModules(this, pooling is { } other ? Pool(_pooling, other) : _pooling.Clone(), steps);
    }

    /// <summary>Returns the name of a module's folder, which is also that of its weights in the model.</summary>
    public static string NameOf(SentenceModule step, int index) => $"{index + 2}_{step.Kind}";

    /// <summary>Writes the files beside those of the model.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="size">The size of the model's hidden states.</param>
    public void Save(string folder, long size)
    {
        var pooling = _pooling.Clone();
        if (!pooling.Has(OldSize) && !pooling.Has("embedding_dimension"))
            pooling.Set(OldSize, JsonValue.Create(size));
        WriteModule(folder, "1_" + SentenceModuleList.Pooling, pooling);
        foreach (var (index, step) in Steps.Index())
            WriteModule(folder, NameOf(step, index), step.Fields);
        File.WriteAllBytes(Path.Combine(folder, SentenceModuleList.TransformerFiles[0]), Transformer.ToJson());
        File.WriteAllBytes(Path.Combine(folder, SentenceModuleList.WholeFile), Whole.ToJson());
        SentenceModuleList.Write(Path.Combine(folder, SentenceModuleList.FileName),
            [new("", _transformerType), new("1_" + SentenceModuleList.Pooling, _poolingType), .. Steps.Select((step, index) => new SentenceModuleEntry(NameOf(step, index), step.Type))]);
    }

    private static void WriteModule(string folder, string name, JsonFields fields)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllBytes(Path.Combine(path, SentenceModuleList.Configuration), fields.ToJson());
    }

    private static JsonFields ReadFile(string path) => File.Exists(path)
        ? JsonFields.Read(path, File.ReadAllBytes(path))
        : throw new FileNotFoundException($"The folder of a module that {SentenceModuleList.FileName} names has no {Path.GetFileName(path)} (looked for {path}).", path);

    private static List<SentencePooling> ReadPoolings(JsonFields fields)
    {
        if (!fields.Has(PoolingMode))
            return SentencePooling.All.Where(p => fields.GetBool(p.Flag, false)).ToList() is { Count: > 0 } flagged ? flagged : [SentencePooling.For(EmbeddingPooling.Mean)];
        var names = fields.IsText(PoolingMode) ? [fields.GetString(PoolingMode)] : fields.GetTexts(PoolingMode)!;
        if (names.Count == 0 || names.Count > SentencePooling.All.Count || names.Any(name => SentencePooling.All.All(p => p.Name != name)))
            throw fields.Error(PoolingMode, $"is {string.Join(", ", names.Take(SentencePooling.All.Count).Select(JsonText.Show))}", $"one or several of {string.Join(", ", SentencePooling.All.Select(p => p.Name))}");
        return [.. names.Select(name => SentencePooling.All.First(p => p.Name == name))];
    }

    // As flags, which every version of sentence-transformers reads.
    private static JsonFields Pool(JsonFields fields, EmbeddingPooling pooling)
    {
        fields = fields.Clone();
        fields.Remove(PoolingMode);
        foreach (var known in SentencePooling.All)
            fields.Set(known.Flag, JsonValue.Create(known.Value == pooling));
        return fields;
    }

    private static void RefuseOtherTasks(JsonFields fields)
    {
        if (fields.GetString(Task, "feature-extraction") is var task and not "feature-extraction")
            throw fields.Error(Task, $"is \"{task}\"", "\"feature-extraction\": vectors of tokens are what is pooled");
        if (fields.Section(Modalities) is { } modalities && modalities.Section("text") is var text && text?.GetString("method_output_name", null) is var output and not "last_hidden_state")
            throw fields.Error(Modalities, $"gives {(output is null ? "nothing" : $"\"{output}\"")} of texts", "such that texts give \"last_hidden_state\"");
    }
}
