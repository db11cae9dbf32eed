using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

/// <summary>A token that is found in the text before the model sees it.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether decoding may leave it out.</summary>
    public bool Special { get; init; }

    /// <summary>Whether it counts only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes the whitespace before it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Whether it takes the whitespace behind it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Whether it is looked for in the normalized text, itself normalized, and not in the text as written.</summary>
    public bool Normalized { get; init; }

    /// <summary>What is looked for, and what stands for the id: the content, normalized where the token is looked for so.</summary>
    public string Shown { get => field ?? Content; init; }

    /// <summary>Reads the flags of <paramref name="json"/>; what is absent is off.</summary>
    public static AddedToken Read(PartReader json, int id) => new(id, json.Text("content"))
    {
        Special = json.Flag("special", false),
        SingleWord = json.Flag("single_word", false),
        LeftStrip = json.Flag("lstrip", false),
        RightStrip = json.Flag("rstrip", false),
        Normalized = json.Flag("normalized", false),
    };
}
