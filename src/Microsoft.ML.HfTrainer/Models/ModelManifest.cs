using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models.Sentences;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>States which files of a hub repository are needed: one method for each purpose, which brings them into the cache.</summary>
internal static class ModelManifest
{
    /// <summary>Fetches the configuration.</summary>
    public static Task Configuration(HubRepository repository) => FetchConfiguration(repository, "");

    /// <summary>Fetches the generation settings or, if there are none, the configuration.</summary>
    public static async Task Generation(HubRepository repository)
    {
        if (await repository.Find(PretrainedModel.GenerationConfigName) is null)
            await FetchConfiguration(repository, "");
    }

    /// <summary>Fetches the configuration, the weights and, if there are any, the generation settings.</summary>
    public static Task Model(HubRepository repository) => FetchModel(repository, "");

    /// <summary>Fetches the same and, from a sentence-transformers repository, its modules.</summary>
    public static async Task SentenceModel(HubRepository repository) => await FetchModel(repository, await FetchModules(repository));

    /// <summary>Fetches the files of the tokenizer and, if there is one, the configuration.</summary>
    public static async Task Tokenizer(HubRepository repository)
    {
        await repository.Find(PretrainedConfig.FileName);
        await repository.FindAll(TokenizerFiles.Known);
        if (!repository.HasFiles)
            throw repository.Missing(TokenizerFiles.Tokenizer, "It has no other tokenizer file either; check which repository the tokenizer is in.");
    }

    private static async Task FetchModel(HubRepository repository, string folder)
    {
        await FetchConfiguration(repository, folder);
        await FetchWeights(repository, folder);
        await repository.Find(folder + PretrainedModel.GenerationConfigName);
    }

    private static async Task FetchConfiguration(HubRepository repository, string folder)
    {
        if (await repository.Find(folder + PretrainedConfig.FileName) is null)
        {
            throw repository.Missing(
                folder + PretrainedConfig.FileName, "It is not a model of the transformers library, or the model is in a sub-folder: download the repository and pass the path of that folder.");
        }
    }

    // Returns the folder of the transformer itself, as a prefix of file names.
    private static async Task<string> FetchModules(HubRepository repository)
    {
        if (await repository.Find(SentenceModuleList.FileName) is not { } list)
        {
            return repository.IsKnownMissing(SentenceModuleList.FileName)
                ? ""
                : throw repository.Missing(SentenceModuleList.FileName, "It says how sentence embeddings are computed, and the cache does not know whether the repository has it.");
        }
        var modules = SentenceModuleList.Read(list);
        var model = FolderOf(modules[0]);
        await repository.FindAll(modules.Skip(1).Select(module => FolderOf(module) + SentenceModuleList.Configuration).Append(SentenceModuleList.WholeFile));
        foreach (var name in SentenceModuleList.TransformerFiles)
            if (await repository.Find(model + name) is not null)
                break;
        foreach (var module in modules.Where(module => module.Kind == SentenceModuleList.Dense))
            await FetchWeights(repository, FolderOf(module));
        return model;
    }

    private static string FolderOf(SentenceModuleEntry module) => module.Path.Length == 0 ? "" : module.Path + "/";

    private static async Task FetchWeights(HubRepository repository, string folder)
    {
        foreach (var (single, index, extension) in WeightFiles.Layouts)
        {
            if (await repository.Find(folder + single) is not null)
                return;
            if (await repository.Find(folder + index) is { } path)
            {
                await repository.FindAll(SafetensorsIndex.Read(path, extension).Files.Select(file => folder + file), $"The index {folder}{index} names it: the repository is incomplete.");
                return;
            }
        }
        var layouts = WeightFiles.Layouts.ToList();
        var others = layouts.SelectMany(layout => new[] { layout.Index, layout.Single }).Where(file => file != layouts[0].Single).Order();
        throw repository.Missing(folder + layouts[0].Single, $"It has no other file that weights can be read from either: {string.Join(", ", others)}.");
    }
}
