using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>What encoding needs for a while and a thread uses again for its next text.</summary>
internal sealed class Workspace
{
    // What a text of some megabytes made it grow to is not held on to.
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static Workspace? _free;

    public NormalizedText Text { get; } = new();

    public List<TokenMatch> Written { get; } = [];

    public List<TokenMatch> Normalized { get; } = [];

    public List<TextSpan> Words { get; } = [];

    public List<ModelToken> Pieces { get; } = [];

    public SequenceTokens First { get; } = new();

    public SequenceTokens Second { get; } = new();

    public static Workspace Rent()
    {
        var workspace = _free ?? new Workspace();
        _free = null;
        workspace.First.Clear();
        workspace.Second.Clear();
        return workspace;
    }

    public void Return()
    {
        if (Text.Capacity <= MostKept && First.Capacity <= MostKept && Second.Capacity <= MostKept)
            _free = this;
    }
}
