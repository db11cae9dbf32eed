namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>
/// A composite template value. The plain ones are: null for None, <see cref="bool"/>, <see cref="long"/> or <see cref="System.Numerics.BigInteger"/>
/// for integers, <see cref="double"/>, <see cref="string"/>. There are no other values, so a template reaches nothing but what these classes expose.
/// All values are immutable except namespaces, loops, cyclers, joiners and iterators.
/// </summary>
internal abstract class TemplateObject
{
    /// <summary>The name of the type in Python.</summary>
    public abstract string TypeName { get; }

    /// <summary>The number of elements, or null if the value has no length.</summary>
    public virtual int? Length => null;

    public virtual bool Truth => Length is not 0;

    /// <summary>Returns the elements in order, or null if the value cannot be iterated.</summary>
    public virtual IEnumerator<object?>? Iterate() => null;

    /// <summary>Returns the elements in reverse order, or null if that is not possible.</summary>
    public virtual IEnumerator<object?>? IterateReversed() => null;

    /// <summary>Gets the element <c>value[key]</c>.</summary>
    public virtual bool TryItem(object? key, Budget budget, out object? item)
    {
        item = null;
        return false;
    }

    /// <summary>Gets the attribute <c>value.name</c>, without the methods of the type.</summary>
    public virtual bool TryAttribute(string name, out object? attribute)
    {
        attribute = null;
        return false;
    }

    /// <summary>Writes the value as a Python literal, or in the closest form.</summary>
    public virtual void WriteLiteral(TextBuilder text) => text.Append($"<{TypeName}>");

    /// <summary>Writes the value as it is printed.</summary>
    public virtual void WriteText(TextBuilder text) => WriteLiteral(text);
}
