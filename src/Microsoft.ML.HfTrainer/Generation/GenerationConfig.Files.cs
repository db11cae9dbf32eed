using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

public sealed partial class GenerationConfig
{
    /// <summary>The name of the file in a model folder.</summary>
    public const string FileName = PretrainedModel.GenerationConfigName;

    // The fields of config.json by which older models say how they generate.
    private static readonly string[] _ofModels =
    [
        "max_length", "max_new_tokens", "min_length", "min_new_tokens", "early_stopping", "do_sample", "num_beams", "temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff",
        "repetition_penalty", "encoder_repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "forced_bos_token_id", "forced_eos_token_id",
        "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens", "num_return_sequences", "pad_token_id", "bos_token_id", "eos_token_id",
        "decoder_start_token_id", "use_cache",
    ];

    /// <summary>Reads <c>generation_config.json</c> of a model folder or of a model on the Hugging Face hub; without that file the settings in <c>config.json</c>.</summary>
    /// <param name="model">The folder, or the id of a repository on the hub.</param>
    /// <param name="options">How to download from the hub. If null, the settings of the environment are used.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is not a repository id.</exception>
    /// <exception cref="HubException">The hub cannot be reached or does not provide the files.</exception>
    /// <exception cref="FileNotFoundException">The folder has neither of the files.</exception>
    /// <exception cref="InvalidDataException">A file is not a JSON object, or a setting is not of its type.</exception>
    public static GenerationConfig FromPretrained(string model, HubOptions? options = null)
    {
        var folder = ModelFolder.Resolve(model, options, ModelManifest.Generation);
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Parse(path, File.ReadAllBytes(path)) : FromModelConfig(PretrainedConfig.FromPretrained(folder));
    }

    /// <summary>Reads settings from UTF-8 JSON.</summary>
    /// <param name="source">The name of its origin, for messages.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not a JSON object, or a setting is not of its type; the message names it.</exception>
    public static GenerationConfig Parse(string source, ReadOnlySpan<byte> json)
    {
        var config = new GenerationConfig(source, StrictJson.ParseObject($"{source}: the content", json));
        config.CheckTypes();
        return config;
    }

    /// <summary>Returns the settings that a model's configuration holds, such as its special tokens.</summary>
    /// <param name="config">The configuration.</param>
    public static GenerationConfig FromModelConfig(PretrainedConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new(config.Source, new JsonObject(_ofModels.Where(config.Has).Select(field => KeyValuePair.Create(field, config.Copy(field)))));
    }

    /// <summary>Writes <c>generation_config.json</c>.</summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    public void SavePretrained(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, FileName), ToJson());
    }

    /// <summary>Returns these settings, and those of a model where they are null.</summary>
    internal GenerationConfig Over(GenerationConfig model)
    {
        var merged = model.Clone();
        foreach (var (field, value) in Fields)
            if (value is not null)
                merged.Set(field, value.DeepClone());
        return merged;
    }

    // A setting is checked when it is read.
    private void CheckTypes() =>
        _ = (MaxNewTokens, MaxLength, MinNewTokens, MinLength, MaxTime, StopStrings, DoSample, NumBeams, EarlyStopping, LengthPenalty, NumReturnSequences, UseCache, Temperature, TopK,
            TopP, MinP, TypicalP, EpsilonCutoff, EtaCutoff, RepetitionPenalty, EncoderRepetitionPenalty, NoRepeatNgramSize, EncoderNoRepeatNgramSize, BadWordsIds, SequenceBias,
            RenormalizeLogits, ForcedBosTokenId, ForcedEosTokenIds, RemoveInvalidValues, ExponentialDecayLengthPenalty, SuppressTokens, BeginSuppressTokens, OutputScores, OutputLogits,
            PadTokenId, BosTokenId, EosTokenIds, DecoderStartTokenId);
}
