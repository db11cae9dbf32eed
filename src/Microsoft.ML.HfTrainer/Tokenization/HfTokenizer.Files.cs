using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    private readonly TokenizerFiles _files;
    private readonly TokenizerSettings _settings;
    private readonly SpecialTokenNames _specials;

    private HfTokenizer(TokenizerFiles files, string? folder)
    {
        _files = files;
        Folder = folder;
        var json = files.Json(TokenizerFiles.Tokenizer);
        _pipeline = json is null ? RawFiles.Read(files) : TokenizerJson.Read(json.Value);
        var configuration = files.Json(TokenizerFiles.Configuration);
        var tokenizerClass = configuration?.OptionalText("tokenizer_class") ?? _pipeline.TokenizerClass;
        _settings = TokenizerSettings.Read(configuration, json, tokenizerClass, _pipeline.Model is Tokenization.Models.WordPiece);
        _specials = SpecialTokenNames.Read(
            configuration, files.Json(TokenizerFiles.SpecialTokens), _pipeline.Added.Contains, _pipeline.Marks ?? TokenizerClass.Find(tokenizerClass).Marks);
        _languages = LanguageCodes.Of(_pipeline, TokenizerClass.Find(tokenizerClass));
        _pipeline = _languages?.Configure(_pipeline, configuration) ?? _pipeline;
        _composer = new Composer(this, _pipeline.PostProcessing);
        _target = _pipeline.Target ?? _pipeline;
        _targetComposer = new Composer(this, _target.PostProcessing);
        SavedOptions = Tokenization.Loading.SavedOptions.Read(json);
        Identity = files.Hash();
    }

    /// <summary>The name of the folder, or the id on the hub, for messages.</summary>
    public string Name => _files.Name;

    /// <summary>The full path of the folder it was loaded from; null if it was loaded from memory.</summary>
    public string? Folder { get; }

    /// <summary>The files of the tokenizer by name, byte for byte as they were loaded.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files.All;

    /// <summary>The first 16 hexadecimal digits of a SHA-256 over the files' names and contents: equal for equal tokenizers.</summary>
    public string Identity { get; }

    /// <summary>The longest input the model was made for (<c>model_max_length</c>), in tokens; null where the files set no limit.</summary>
    public int? ModelMaxLength => _settings.ModelMaxLength;

    /// <summary>The token type of padding (<c>pad_token_type_id</c>). Default: 0.</summary>
    public int PadTokenTypeId => _settings.PadTokenTypeId;

    /// <summary>The end at which padding is added (<c>padding_side</c>). Default: right.</summary>
    public Side PaddingSide => _settings.PaddingSide;

    /// <summary>The end at which tokens are cut (<c>truncation_side</c>). Default: right.</summary>
    public Side TruncationSide => _settings.TruncationSide;

    /// <summary>
    /// Whether decoding takes away spaces before English punctuation where nothing else is said (<c>clean_up_tokenization_spaces</c>).
    /// Default: false.
    /// </summary>
    public bool CleanUpTokenizationSpaces => _settings.CleanUpTokenizationSpaces;

    /// <summary>
    /// The truncation and the padding inside <c>tokenizer.json</c>, to be handed to <see cref="Encode"/> where they are wanted; where it has
    /// neither, options that do neither.
    /// </summary>
    public EncodeOptions SavedOptions { get; }

    /// <summary>The inputs that the model expects (<c>model_input_names</c>), such as <c>input_ids</c> and <c>attention_mask</c>.</summary>
    public IReadOnlyList<string> ModelInputNames => _settings.ModelInputNames;

    /// <summary>Loads a tokenizer from the Hugging Face hub, or from a folder laid out as there.</summary>
    /// <param name="model">
    /// A folder with <c>tokenizer.json</c> or, failing that, raw vocabulary files (<c>vocab.txt</c>, <c>vocab.json</c> with
    /// <c>merges.txt</c>, SentencePiece models), and with <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> where there are
    /// such files; or the id of a repository on the hub that has them.
    /// </param>
    /// <param name="options">How it is fetched from the hub; null: as the environment says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is no id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or contradicts itself or another.</exception>
    /// <exception cref="NotSupportedException">The tokenizer has parts that this version does not support; the message names them.</exception>
    public static HfTokenizer FromPretrained(string model, HubOptions? options = null)
    {
        var folder = ModelFolder.Resolve(model, options, HubParts.Tokenizer);
        return new HfTokenizer(TokenizerFiles.ReadFolder(folder), folder);
    }

    /// <summary>Loads a tokenizer from files in memory.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="files">The files by name, as <see cref="Files"/> gives them.</param>
    /// <inheritdoc cref="FromPretrained"/>
    public static HfTokenizer FromFiles(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(files);
        // Saving must not write outside the folder it was given.
        if (files.Keys.FirstOrDefault(file =>
            !TokenizerFiles.IsChatTemplate(file) && (file.Length == 0 || file is "." or ".." || file.AsSpan().ContainsAny('/', '\\'))) is { } bad)
            throw new ArgumentException($"'{bad}' is not a plain file name.", nameof(files));
        return new HfTokenizer(new TokenizerFiles(name, files), null);
    }

    /// <summary>Writes <see cref="Files"/> into a folder, which is made if need be.</summary>
    public void SavePretrained(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        foreach (var (file, content) in Files)
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }
}
