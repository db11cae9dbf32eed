namespace Microsoft.ML.HfTrainer;

/// <summary>Turns what a user names as a model into a folder on this machine.</summary>
internal static class ModelFolder
{
    /// <summary>The full path of the model folder that <paramref name="model"/> names.</summary>
    /// <exception cref="DirectoryNotFoundException">It is no folder.</exception>
    public static string Resolve(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (Directory.Exists(model))
            return Path.GetFullPath(model);
        var reason = LooksLikeHubId(model)
            ? "Models of the Hugging Face hub cannot be fetched by name yet: download the repository and give the path of its folder."
            : "Give the path of a folder with config.json, model.safetensors and the tokenizer's files.";
        throw new DirectoryNotFoundException($"The model '{model}' is not a folder (looked at {Path.GetFullPath(model)}). {reason}");
    }

    private static bool LooksLikeHubId(string model) =>
        !Path.IsPathRooted(model) && !model.StartsWith('.') && model.Count(c => c == '/') <= 1 && !model.Contains('\\');
}
