namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A tuple. Those created by <c>groupby</c> also have names for their two elements.</summary>
internal sealed class TupleValue(params object?[] items) : SequenceValue
{
    public override string TypeName => "tuple";

    public override int Count => items.Length;

    public ReadOnlySpan<object?> Span => items;

    public IReadOnlyList<string> Names { get; init; } = [];

    public override object? this[int index] => items[index];

    public override bool TryAttribute(string name, out object? attribute)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                attribute = items[i];
                return true;
            }
        }
        return base.TryAttribute(name, out attribute);
    }

    public override void WriteLiteral(TextBuilder text) =>
        text.Append('(').AppendList(items).Append(items.Length == 1 ? ",)" : ")");

    protected override SequenceValue Slice(SliceValue slice, Budget budget) => new TupleValue(Pick(slice, budget));
}
