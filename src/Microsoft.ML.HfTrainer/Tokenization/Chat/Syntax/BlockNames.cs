namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>
/// The names that a block with variables of its own reads and sets. As the original compiles templates, a name that a block sets before it
/// reads it is the block's from its beginning on, also for the blocks inside, and hides what the template was given under that name.
/// </summary>
internal sealed class BlockNames(BlockNames? outer)
{
    private readonly Dictionary<string, bool> _setsFirst = new(StringComparer.Ordinal);

    /// <summary>How many <c>if</c> are open in the block: what is set there may not be set at all, and hides nothing.</summary>
    public int Branches { get; set; }

    /// <summary>The names that hide what the template was given.</summary>
    public string[] Hiding => field ??= [.. _setsFirst.Where(name => name.Value && outer?.Knows(name.Key) != true).Select(name => name.Key)];

    public void Read(string name) => _setsFirst.TryAdd(name, false);

    public void Set(string name) => _setsFirst.TryAdd(name, Branches == 0);

    private bool Knows(string name) => _setsFirst.ContainsKey(name) || outer?.Knows(name) == true;
}
