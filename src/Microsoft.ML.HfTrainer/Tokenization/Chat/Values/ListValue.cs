namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A list.</summary>
internal sealed class ListValue(object?[] items) : SequenceValue
{
    public override string TypeName => "list";

    public override int Count => items.Length;

    public ReadOnlySpan<object?> Span => items;

    public override object? this[int index] => items[index];

    public override void WriteLiteral(TextBuilder text) => text.Append('[').AppendList(items).Append(']');

    protected override SequenceValue Slice(SliceValue slice, Budget budget) => new ListValue(Pick(slice, budget));
}
