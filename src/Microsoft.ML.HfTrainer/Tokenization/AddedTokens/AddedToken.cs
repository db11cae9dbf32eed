using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

/// <summary>An added token: matched in the text before the model runs.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>true if decoding may skip the token.</summary>
    public bool Special { get; init; }

    /// <summary>true to match only where no word character is adjacent.</summary>
    public bool SingleWord { get; init; }

    /// <summary>true to absorb the whitespace before the token.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>true to absorb the whitespace after the token.</summary>
    public bool RightStrip { get; init; }

    /// <summary>true to match in the normalized text, with the content normalized too; false to match in the raw text.</summary>
    public bool Normalized { get; init; }

    /// <summary>The string that is matched and that represents the id: the content, normalized if <see cref="Normalized"/> is set.</summary>
    public string MatchText { get => field ?? Content; init; }

    /// <summary>Reads a token and its flags from <paramref name="json"/>; missing flags are false.</summary>
    public static AddedToken Read(PartReader json, int id) => new(id, json.Text("content"))
    {
        Special = json.Flag("special", false),
        SingleWord = json.Flag("single_word", false),
        LeftStrip = json.Flag("lstrip", false),
        RightStrip = json.Flag("rstrip", false),
        Normalized = json.Flag("normalized", false),
    };
}
