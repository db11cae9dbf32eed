using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The variable <c>loop</c> of a <c>for</c> statement: the current index and the neighboring elements.</summary>
internal sealed class LoopValue(IEnumerator<object?> elements, int? length) : TemplateObject, ICallable
{
    private static readonly Dictionary<string, Func<LoopValue, object?>> Attributes = new()
    {
        ["index"] = loop => loop._index + 1L,
        ["index0"] = loop => (long)loop._index,
        ["revindex"] = loop => (long)loop.Count - loop._index,
        ["revindex0"] = loop => (long)loop.Count - loop._index - 1,
        ["first"] = loop => loop._index == 0,
        ["last"] = loop => !loop.LooksAhead(),
        ["length"] = loop => (long)loop.Count,
        ["depth"] = loop => loop.Depth + 1L,
        ["depth0"] = loop => (long)loop.Depth,
        ["previtem"] = loop => loop._index == 0 ? Undefined.Because("there is no item before the first.") : loop._previous,
        ["nextitem"] = loop => loop.LooksAhead() ? loop._ahead[loop._next] : Undefined.Because("there is no item after the last."),
    };

    private static readonly FunctionTable Methods = new FunctionTable("method")
        .Add("cycle", "self, *args", (_, a) => ((LoopValue)a[0]!).Cycle((object?[])a[1]!))
        .Add("changed", "self, *value", (c, a) => ((LoopValue)a[0]!).Changed(new TupleValue((object?[])a[1]!), c.Budget));

    // Elements that were fetched ahead of their iteration.
    private readonly List<object?> _ahead = [];
    private int _next;
    private int _index = -1;
    private int? _length = length;
    private object? _previous;
    private TupleValue? _lastChanged;

    public override string TypeName => "LoopContext";

    public int Depth { get; set; }

    /// <summary>Renders the body of a recursive loop for further elements; null if the loop is not recursive.</summary>
    public Func<object?, string>? Recurse { get; set; }

    public object? Current { get; private set; }

    /// <summary>Indicates whether there was no iteration.</summary>
    public bool IsEmpty => _index < 0;

    public override int? Length => Count;

    private int Count
    {
        get
        {
            while (_length is null && elements.MoveNext())
                _ahead.Add(elements.Current);
            return _length ??= _index + 1 + _ahead.Count - _next;
        }
    }

    public bool MoveNext()
    {
        if (!LooksAhead())
            return false;
        _previous = Current;
        Current = _ahead[_next++];
        _index++;
        return true;
    }

    public object? Call(RenderContext context, CallArguments arguments) =>
        Recurse is not { } recurse ? throw new TemplateFault("only a loop whose 'for' ends in 'recursive' can be called.")
        : arguments is { Positional: [var inner], Named.Count: 0 } ? recurse(inner)
        : throw new TemplateFault("a loop must be called with one sequence.");

    public override bool TryAttribute(string name, out object? attribute)
    {
        var isKnown = Attributes.TryGetValue(name, out var get);
        attribute = isKnown ? get!(this) : Methods.Find(name) is { } method ? new BoundMethod(this, method) : null;
        return isKnown || attribute is not null;
    }

    public override void WriteLiteral(TextBuilder text) => text.Append($"<LoopContext {_index + 1}/{Count}>");

    private bool LooksAhead()
    {
        if (_next < _ahead.Count)
            return true;
        _ahead.Clear();
        _next = 0;
        if (!elements.MoveNext())
            return false;
        _ahead.Add(elements.Current);
        return true;
    }

    private object? Cycle(object?[] values) =>
        values.Length > 0 ? values[_index % values.Length] : throw new TemplateFault("'cycle' needs at least one value.");

    private object Changed(TupleValue values, Budget budget)
    {
        if (_lastChanged is not null && Equality.Same(_lastChanged, values, budget))
            return false;
        _lastChanged = values;
        return true;
    }
}
