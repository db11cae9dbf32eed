using Microsoft.Extensions.AI;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Sentences;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer;

/// <summary>Computes embeddings of texts with a sentence embedding model, as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of Microsoft.Extensions.AI.</summary>
/// <remarks>
/// Texts are prepared as the folder of the model says: a prompt is put before them, they are converted to lower case and cut to the maximum length. They are run in batches of similar
/// length; the embeddings are returned in the order of the texts. Any number of threads may use one generator. Disposing the generator waits for running calls and frees the model, unless
/// the model belongs to a transformer.
/// </remarks>
public sealed class HfEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>
    /// The key in <see cref="EmbeddingGenerationOptions.AdditionalProperties"/> of the name of the prompt that is put before each text, in place of <see cref="DefaultPrompt"/>.
    /// </summary>
    public const string PromptNameProperty = "prompt_name";

    /// <summary>The key in <see cref="EmbeddingGenerationOptions.AdditionalProperties"/> of the text of the prompt that is put before each text; an empty text for no prompt.</summary>
    public const string PromptProperty = "prompt";

    private const string Provider = "huggingface";

    private readonly IModelRunner _runner;
    private readonly ModelRunner? _owned;
    private readonly HfTokenizer _tokenizer;
    private readonly SentenceEmbeddingSettings _settings;
    private readonly EncodeOptions _encode;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Creates a generator that runs a model.</summary>
    /// <param name="model">A sentence embedding model. The generator becomes its owner and disposes it.</param>
    /// <param name="tokenizer">The tokenizer of the model.</param>
    /// <exception cref="ArgumentException">The model computes no sentence embeddings.</exception>
    public HfEmbeddingGenerator(PretrainedModel model, HfTokenizer tokenizer) : this(null, new TrainedModel(
        model ?? throw new ArgumentNullException(nameof(model)), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), [], TrainedModel.DefaultBatchSize), ownsModel: true) => model.eval();

    internal HfEmbeddingGenerator(IModelRunner? runner, TrainedModel trained, bool ownsModel)
    {
        _settings = trained.Model.SentenceEmbedding ?? throw new ArgumentException($"The model is a {trained.Model.ClassName} without embeddings of texts; load it with {nameof(AutoModelForSentenceEmbedding)}.", nameof(trained));
        _owned = ownsModel ? new ModelRunner(this, trained, new DataCollatorWithPadding(trained.Tokenizer)) : null;
        (_runner, _tokenizer) = (runner ?? _owned!, trained.Tokenizer);
        DefaultPrompt = _settings.DefaultPromptName is { } name ? _settings.Prompts[name] : "";
        var limits = new[] { _settings.MaxSeqLength, trained.Tokenizer.ModelMaxLength, ModelLimits.PositionsOf(trained.Model.Config) }.Where(limit => limit is not null);
        _encode = new EncodeOptions { MaxLength = limits.Min() };
        _metadata = new EmbeddingGeneratorMetadata(Provider, defaultModelId: trained.Tokenizer.Name, defaultModelDimensions: (int)_settings.Size);
    }

    /// <summary>Gets the text that is put before each text unless a call chooses another prompt. Default: the default prompt of the model's folder, or else none.</summary>
    public string DefaultPrompt { get; init; }

    /// <summary>Loads a model and its tokenizer from a folder or from the Hugging Face hub.</summary>
    /// <param name="model">The folder, or an id on the hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="options">Pooling, normalization, type of the weights and so on. If null, those of the folder.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist, and the name is not an id on the hub.</exception>
    /// <exception cref="HubException">The model cannot be downloaded from the hub.</exception>
    /// <exception cref="InvalidDataException">A file of the model is damaged.</exception>
    public static HfEmbeddingGenerator FromPretrained(string? model = null, FromPretrainedOptions? options = null)
    {
        model ??= DefaultModel.GetFolder();
        var loaded = AutoModelForSentenceEmbedding.FromPretrained(model, options);
        try
        {
            // In older folders of sentence-transformers, the tokenizer is in that of the model itself.
            var own = Directory.Exists(model) ? Path.TrimEndingDirectorySeparator(SentenceModules.ModelFolderOf(model)) : model;
            return new HfEmbeddingGenerator(loaded, HfTokenizer.FromPretrained(own, options));
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Computes the embedding of each text, on a thread of the pool.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">
    /// <see cref="EmbeddingGenerationOptions.Dimensions"/> keeps only that many first numbers of each embedding, for models that were trained for it (Kusupati et al. 2022, arXiv:2205.13147);
    /// they are scaled to length 1 again if the model normalizes its embeddings. <see cref="PromptNameProperty"/> and <see cref="PromptProperty"/> choose a prompt.
    /// </param>
    /// <param name="cancellationToken">Ends the call before the next batch.</param>
    /// <returns>The embeddings, in the order of the texts, and the number of tokens.</returns>
    /// <exception cref="ArgumentException">A text is null, the model has no prompt of the given name, or its embeddings have fewer numbers than the given dimensions.</exception>
    /// <exception cref="ObjectDisposedException">The generator, or the transformer that it belongs to, was disposed.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (Array.IndexOf(texts, null) is >= 0 and var missing)
            throw new ArgumentException($"Text {missing} of {texts.Length} is null; a text without characters is an empty string.", nameof(values));
        if (options?.Dimensions is { } dimensions && (dimensions < 1 || dimensions > _settings.Size))
            throw new ArgumentOutOfRangeException(nameof(options), dimensions, $"Dimensions is {dimensions}; the embeddings of the model have 1 to {_settings.Size}.");
        var prompt = PromptOf(options);
        return Task.Run(() => Generate(texts, prompt, options?.Dimensions, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(HfTokenizer) ? _tokenizer
            : serviceType == typeof(SentenceEmbeddingSettings) ? _settings
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Frees the model, unless it belongs to a transformer, after waiting for calls that are running.</summary>
    public void Dispose() => _owned?.Dispose();

    private GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, string prompt, int? dimensions, CancellationToken cancellation)
    {
        var encodings = _tokenizer.EncodeBatch(Array.ConvertAll(texts, text => Prepare(prompt + text)), options: _encode);
        var promptLength = prompt.Length == 0 ? 0 : SentenceEmbeddingSettings.PromptLength(_tokenizer, Prepare(prompt));
        var vectors = new float[texts.Length][];
        // Long texts first: if memory runs out, it does so at once.
        foreach (var batch in Enumerable.Range(0, texts.Length).OrderByDescending(i => encodings[i].Ids.Length).Chunk(_runner.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var found = _runner.Predict(Array.ConvertAll(batch, i => ExampleOf(encodings[i], promptLength)), i => $"Text {batch[i]}", SentenceTraining.Vectors);
            foreach (var (place, vector) in batch.Zip(found))
                vectors[place] = dimensions is { } count ? Cut(vector, count) : vector;
        }
        var tokens = encodings.Sum(encoding => (long)encoding.Ids.Length);
        return new(vectors.Select(vector => new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    private string Prepare(string text) => _settings.DoLowerCase ? text.ToLowerInvariant() : text;

    private static Example ExampleOf(TokenEncoding encoding, int promptLength)
    {
        var example = new Example(encoding);
        if (promptLength > 0)
            example[SentenceEmbeddingSettings.PromptLengthName] = promptLength;
        return example;
    }

    private float[] Cut(float[] vector, int dimensions)
    {
        var first = vector[..dimensions];
        var length = MathF.Sqrt(first.Sum(number => number * number));
        return _settings.Normalize && length > 0 ? Array.ConvertAll(first, number => number / length) : first;
    }

    private string PromptOf(EmbeddingGenerationOptions? options)
    {
        if (options?.AdditionalProperties is not { } properties)
            return DefaultPrompt;
        if (properties.TryGetValue(PromptProperty, out var text) && text is not null)
            return text as string ?? throw new ArgumentException($"The property '{PromptProperty}' is a {text.GetType().Name}; it should be a text.", nameof(options));
        if (!properties.TryGetValue(PromptNameProperty, out var name) || name is null)
            return DefaultPrompt;
        return name is string known && _settings.Prompts.TryGetValue(known, out var prompt) ? prompt : throw new ArgumentException(
            $"The model has no prompt '{name}'; {(_settings.Prompts.Count == 0 ? "it has none" : $"its prompts are {string.Join(", ", _settings.Prompts.Keys)}")}.", nameof(options));
    }
}
