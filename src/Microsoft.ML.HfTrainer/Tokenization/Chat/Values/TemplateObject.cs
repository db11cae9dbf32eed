namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>
/// A value of a template that has parts or behaviour. The others are plain: null for None, <see cref="bool"/>, <see cref="long"/> or
/// <see cref="System.Numerics.BigInteger"/> for a whole number, <see cref="double"/>, <see cref="string"/>. Nothing else is ever a value,
/// so a template reaches nothing but what these classes show it. But for namespaces and what counts on, values do not change.
/// </summary>
internal abstract class TemplateObject
{
    /// <summary>The name that Python has for the type.</summary>
    public abstract string TypeName { get; }

    /// <summary>How many elements it has; null where it has no such number.</summary>
    public virtual int? Length => null;

    public virtual bool Truth => Length is not 0;

    /// <summary>Its elements one after another; null where it has none to go through.</summary>
    public virtual IEnumerator<object?>? Iterate() => null;

    /// <summary>Its elements from the last one to the first; null where it does not go that way.</summary>
    public virtual IEnumerator<object?>? IterateBack() => null;

    /// <summary>The element that <c>value[key]</c> names.</summary>
    public virtual bool TryItem(object? key, Budget budget, out object? item)
    {
        item = null;
        return false;
    }

    /// <summary>What <c>value.name</c> names, methods of its type aside.</summary>
    public virtual bool TryAttribute(string name, out object? attribute)
    {
        attribute = null;
        return false;
    }

    /// <summary>Writes it as a Python literal, or as much like one as it is.</summary>
    public virtual void WriteLiteral(TextBuilder text) => text.Append($"<{TypeName}>");

    /// <summary>Writes it as it is printed.</summary>
    public virtual void WriteText(TextBuilder text) => WriteLiteral(text);
}
