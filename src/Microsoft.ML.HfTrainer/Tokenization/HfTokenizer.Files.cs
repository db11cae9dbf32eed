using Microsoft.ML.HfTrainer.Formats;
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
        _pipeline = json is null ? RawFiles.Read(files) : TokenizerJson.Read(files, json.Value);
        var configuration = files.Json(TokenizerFiles.Configuration);
        var tokenizerClass = configuration?.OptionalText("tokenizer_class") ?? _pipeline.TokenizerClass;
        _settings = TokenizerSettings.Read(configuration, json, tokenizerClass, _pipeline.Model is Tokenization.Models.WordPiece);
        _specials = SpecialTokenNames.Read(
            configuration, files.Json(TokenizerFiles.SpecialTokens), _pipeline.Added.Contains, _pipeline.SpecialTokens ?? TokenizerClass.Find(tokenizerClass).SpecialTokens);
        _languages = LanguageCodes.Of(_pipeline, TokenizerClass.Find(tokenizerClass));
        _pipeline = _languages?.Configure(_pipeline, configuration) ?? _pipeline;
        _composer = new Composer(this, _pipeline.PostProcessing);
        _target = _pipeline.Target ?? _pipeline;
        _targetComposer = new Composer(this, _target.PostProcessing);
        SavedOptions = Tokenization.Loading.SavedOptions.Read(json);
        Identity = files.Hash();
        Warnings = ConflictingSettings.Find(configuration, json);
    }

    /// <summary>Gets the folder name or hub id of the tokenizer, for messages.</summary>
    public string Name => _files.Name;

    /// <summary>Gets the full path of the folder that the tokenizer was loaded from, or null if it was loaded from memory.</summary>
    public string? Folder { get; }

    /// <summary>Gets the tokenizer's files by name, byte for byte as they were loaded.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files.All;

    /// <summary>
    /// Gets the first 16 hexadecimal digits of a SHA-256 hash over the names and contents of the files. Tokenizers with equal files have the same
    /// value.
    /// </summary>
    public string Identity { get; }

    /// <summary>
    /// Gets warnings about the files, one sentence each: settings of <c>tokenizer_config.json</c> about letter case, accents and Chinese characters that contradict
    /// <c>tokenizer.json</c>, which takes precedence. <c>TokenizeHf</c> logs them. Usually empty.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Gets the maximum input length of the model in tokens (<c>model_max_length</c>), or null if the files set no limit.</summary>
    public int? ModelMaxLength => _settings.ModelMaxLength;

    /// <summary>Gets the token type id of padding (<c>pad_token_type_id</c>). Default: 0.</summary>
    public int PadTokenTypeId => _settings.PadTokenTypeId;

    /// <summary>Gets the side on which padding is added (<c>padding_side</c>). Default: <see cref="Side.Right"/>.</summary>
    public Side PaddingSide => _settings.PaddingSide;

    /// <summary>Gets the side from which tokens are removed (<c>truncation_side</c>). Default: <see cref="Side.Right"/>.</summary>
    public Side TruncationSide => _settings.TruncationSide;

    /// <summary>
    /// Indicates whether decoding removes spaces before English punctuation by default (<c>clean_up_tokenization_spaces</c>). Default: false.
    /// </summary>
    public bool CleanUpTokenizationSpaces => _settings.CleanUpTokenizationSpaces;

    /// <summary>
    /// Gets the truncation and padding stored in <c>tokenizer.json</c>, as options for <see cref="Encode"/>. If the file stores neither, the options
    /// neither truncate nor pad.
    /// </summary>
    public EncodeOptions SavedOptions { get; }

    /// <summary>Gets the names of the inputs that the model expects (<c>model_input_names</c>), such as <c>input_ids</c> and <c>attention_mask</c>.</summary>
    public IReadOnlyList<string> ModelInputNames => _settings.ModelInputNames;

    /// <summary>Loads a tokenizer from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name of the model, for messages.</param>
    internal static HfTokenizer FromFolder(string folder, string name) => new(TokenizerFiles.ReadFolder(folder, name), folder);

    /// <summary>Loads a tokenizer from files in memory.</summary>
    /// <param name="name">The name to use in messages.</param>
    /// <param name="files">The contents of the files by name, as returned by <see cref="Files"/>.</param>
    /// <exception cref="FileNotFoundException">The files hold no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or inconsistent in itself or with another file.</exception>
    /// <exception cref="NotSupportedException">The tokenizer has components that this version does not support; the message names them.</exception>
    public static HfTokenizer FromFiles(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(files);
        // Saving must not write outside the target folder.
        if (files.Keys.FirstOrDefault(file => !TokenizerFiles.IsSafeName(file)) is { } bad)
            throw new ArgumentException($"'{bad}' cannot be a file of a tokenizer; the name must be {FileNames.Rule}.", nameof(files));
        return new HfTokenizer(new TokenizerFiles(name, files), null);
    }

    /// <summary>Writes <see cref="Files"/> to a folder, which is created if it does not exist.</summary>
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
