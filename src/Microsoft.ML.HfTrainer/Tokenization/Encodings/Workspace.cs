using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>The scratch buffers of an encoding, reused by a thread for its next text.</summary>
internal sealed class Workspace
{
    // Buffers that a text of some megabytes has grown beyond this size are released.
    private const int MaxRetained = 1 << 20;

    [ThreadStatic]
    private static Workspace? _free;

    public NormalizedText Text { get; } = new();

    public List<TokenMatch> Raw { get; } = [];

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
        if (Text.Capacity <= MaxRetained && First.Capacity <= MaxRetained && Second.Capacity <= MaxRetained)
            _free = this;
    }
}
