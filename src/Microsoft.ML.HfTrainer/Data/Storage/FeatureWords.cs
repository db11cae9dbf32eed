using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer;

// The encoding of a feature as 32-bit words: its layout with flags, its length, the sizes of axes or rows, and its numbers or strings. A list that repeats one integer
// is stored as that integer.
public readonly partial struct Feature
{
    private const int IntegerFlag = 1 << 8, RepeatedFlag = 1 << 9, ShortestRepeated = 4;

    internal void Write(WordBuffer words)
    {
        var repeated = IsInteger && Length >= ShortestRepeated && !Integers.Span.ContainsAnyExcept(Integers.Span[0]);
        words.Add((int)_layout | (IsInteger ? IntegerFlag : 0) | (repeated ? RepeatedFlag : 0));
        words.Add(Length);
        if (_layout is Layout.Axes or Layout.Rows)
        {
            words.Add(_sizes!.Length);
            words.Add(_sizes);
        }
        foreach (var text in Texts)
            words.Add(text);
        if (repeated)
            words.Add(Integers.Span[0]);
        else
            words.Add(IsInteger ? Integers.Span : MemoryMarshal.Cast<float, int>(Reals.Span));
    }

    internal static Feature Read(ref WordReader words)
    {
        var (form, length) = (words.Next(), words.Next());
        var layout = (Layout)(form & 0xff);
        if (layout is Layout.Text or Layout.Texts)
        {
            var texts = new string[length];
            for (var i = 0; i < length; i++)
                texts[i] = words.NextText();
            return new Feature(texts, layout);
        }
        var sizes = layout is Layout.Axes or Layout.Rows ? words.Next(words.Next()).ToArray() : null;
        if ((form & IntegerFlag) == 0)
            return new Feature(default, MemoryMarshal.Cast<int, float>(words.Next(length).Span).ToArray(), false, layout, sizes);
        var integers = (form & RepeatedFlag) == 0 ? words.Next(length) : Repeated.Of(words.Next(), length);
        return new Feature(integers, default, true, layout, sizes);
    }
}
