using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Returns its values in turn, starting over after the last (<c>cycler</c>).</summary>
internal sealed class CyclerValue(object?[] items) : TemplateObject
{
    private static readonly FunctionTable Methods = new FunctionTable("cycler")
        .Add("next", "self", (_, a) => ((CyclerValue)a[0]!).Next())
        .Add("reset", "self", (_, a) => ((CyclerValue)a[0]!).Reset());

    private int _place;

    public override string TypeName => "Cycler";

    public override bool TryAttribute(string name, out object? attribute)
    {
        attribute = name == "current" ? items[_place] : Methods.Find(name) is { } method ? new BoundMethod(this, method) : null;
        return name == "current" || attribute is not null;
    }

    private object? Next()
    {
        var item = items[_place];
        _place = (_place + 1) % items.Length;
        return item;
    }

    private object? Reset()
    {
        _place = 0;
        return null;
    }
}
