using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>The variables of a block and, through it, those of the blocks around it. What is set inside is not seen outside.</summary>
internal sealed class Scope(RenderContext context, Scope? outer = null)
{
    // Stands for a variable that its block has not set yet.
    private static readonly Undefined NotSet = Undefined.Because("it is not set yet.");

    // Few enough that going through them is quicker than a dictionary.
    private (string Name, object? Value)[] _variables = [];
    private int _count;

    public RenderContext Context => context;

    public Budget Budget => context.Budget;

    /// <summary>The variables of a block inside this one.</summary>
    public Scope Inner(BlockNames names) => new Scope(context, this).Hide(names.Hiding);

    /// <summary>The variables of something that sets none but those it is given.</summary>
    public Scope Inner() => new(context, this);

    /// <summary>Hides what is outside under these names until they are set here.</summary>
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
            if (scope.PlaceOf(name) is >= 0 and var place)
                return ReferenceEquals(scope._variables[place].Value, NotSet) ? Undefined.Name(name) : scope._variables[place].Value;
        }
        return context.TryFind(name, out var value) ? value : Undefined.Name(name);
    }

    public void Set(string name, object? value)
    {
        var place = PlaceOf(name);
        if (place < 0)
        {
            place = _count++;
            if (place == _variables.Length)
                Array.Resize(ref _variables, Math.Max(4, 2 * place));
        }
        _variables[place] = (name, value);
    }

    private Scope? Outer => outer;

    private int PlaceOf(string name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_variables[i].Name == name)
                return i;
        }
        return -1;
    }
}
