using System.Net;

namespace Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;

/// <summary>What happens if the run with the given id exists.</summary>
internal enum WandbResume
{
    /// <summary>It goes on, and steps are counted from 0.</summary>
    None,

    /// <summary>It goes on if it exists.</summary>
    Allow,

    /// <summary>It goes on; a run that does not exist is an error.</summary>
    Must,

    /// <summary>A run that exists is an error.</summary>
    Never,
}

/// <summary>The settings of Weights &amp; Biases, from the environment variables of its Python client.</summary>
internal sealed record WandbSettings
{
    public const string Online = "online", Offline = "offline", Disabled = "disabled";

    /// <summary>Where runs are recorded: <c>online</c>, <c>offline</c> or <c>disabled</c>.</summary>
    public string Mode { get; init; } = Online;

    /// <summary>The folder in which the folder <c>wandb</c> is created. Default: the working directory.</summary>
    public string Folder { get; init; } = ".";

    public string Project { get; init; } = "huggingface";

    /// <summary>The user or team that the project belongs to; null for the default one.</summary>
    public string? Entity { get; init; }

    /// <summary>The id of the run; null for a new one.</summary>
    public string? RunId { get; init; }

    public WandbResume Resume { get; init; }

    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? JobType { get; init; }

    public string? Notes { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string Host { get; init; } = Dns.GetHostName();

    /// <summary>Returns the settings of this process.</summary>
    /// <exception cref="ArgumentException">A variable has a value that cannot be used.</exception>
    public static WandbSettings FromEnvironment() => Read(Environment.GetEnvironmentVariable);

    /// <param name="variable">Gives the value of an environment variable.</param>
    public static WandbSettings Read(Func<string, string?> variable)
    {
        string? Get(string name) => variable(name) is { Length: > 0 } value ? value : null;
        return new WandbSettings
        {
            Mode = Choice("WANDB_MODE", Online, Offline, Disabled) ?? Online,
            Folder = Get("WANDB_DIR") ?? ".",
            Project = Get("WANDB_PROJECT") ?? "huggingface",
            Entity = Get("WANDB_ENTITY"),
            RunId = Get("WANDB_RUN_ID"),
            Resume = Choice("WANDB_RESUME", "allow", "must", "never", "auto") switch
            {
                "allow" or "auto" => WandbResume.Allow,
                "must" => WandbResume.Must,
                "never" => WandbResume.Never,
                _ => WandbResume.None,
            },
            Name = Get("WANDB_NAME"),
            Group = Get("WANDB_RUN_GROUP"),
            JobType = Get("WANDB_JOB_TYPE"),
            Notes = Get("WANDB_NOTES"),
            Tags = Get("WANDB_TAGS")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        };

        string? Choice(string name, params string[] choices) => Get(name) is not { } value || choices.Contains(value) ? Get(name)
            : throw new ArgumentException($"The environment variable {name} is '{value}'; it should be {string.Join(", ", choices[..^1])} or {choices[^1]}.");
    }
}
