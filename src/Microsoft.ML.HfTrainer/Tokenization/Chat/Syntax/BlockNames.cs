namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>
/// The names that a block with a scope of its own reads and sets. As Jinja2 compiles templates, a name that a block sets before it reads it is local
/// to the block from its beginning, also for inner blocks, and hides the template variable of that name.
/// </summary>
internal sealed class BlockNames(BlockNames? outer)
{
    private readonly Dictionary<string, bool> _setsFirst = new(StringComparer.Ordinal);

    /// <summary>The number of open <c>if</c> statements in the block. A name set within one may remain unset, and hides nothing.</summary>
    public int Branches { get; set; }

    /// <summary>The names that hide template variables.</summary>
    public string[] Hiding => field ??= [.. _setsFirst.Where(name => name.Value && outer?.Knows(name.Key) != true).Select(name => name.Key)];

    public void Read(string name) => _setsFirst.TryAdd(name, false);

    public void Set(string name) => _setsFirst.TryAdd(name, Branches == 0);

    private bool Knows(string name) => _setsFirst.ContainsKey(name) || outer?.Knows(name) == true;
}
