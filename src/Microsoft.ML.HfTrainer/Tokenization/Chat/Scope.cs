using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>The variables of a block, with access to those of the enclosing blocks. Assignments are not visible outside.</summary>
internal sealed class Scope(RenderContext context, Scope? outer = null)
{
    // The value of a variable that its block has not assigned yet.
    private static readonly Undefined NotSet = Undefined.Because("it is not set yet.");

    // A linear search is faster than a dictionary for so few variables.
    private (string Name, object? Value)[] _variables = [];
    private int _count;

    public RenderContext Context => context;

    public Budget Budget => context.Budget;

    /// <summary>Creates the scope of an inner block.</summary>
    public Scope Inner(BlockNames names) => new Scope(context, this).Hide(names.Hiding);

    /// <summary>Creates an inner scope whose variables are all set explicitly.</summary>
    public Scope Inner() => new(context, this);

    /// <summary>Hides outer variables with these names until they are set in this scope.</summary>
    public Scope Hide(IEnumerable<string> names)
    {
        foreach (var name in names)
            Set(name, NotSet);
        return this;
    }

    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.IndexOf(name) is >= 0 and var place)
                return ReferenceEquals(scope._variables[place].Value, NotSet) ? Undefined.Name(name) : scope._variables[place].Value;
        }
        return context.TryFind(name, out var value) ? value : Undefined.Name(name);
    }

    public void Set(string name, object? value)
    {
        var place = IndexOf(name);
        if (place < 0)
        {
            place = _count++;
            if (place == _variables.Length)
                Array.Resize(ref _variables, Math.Max(4, 2 * place));
        }
        _variables[place] = (name, value);
    }

    private Scope? Outer => outer;

    private int IndexOf(string name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_variables[i].Name == name)
                return i;
        }
        return -1;
    }
}
