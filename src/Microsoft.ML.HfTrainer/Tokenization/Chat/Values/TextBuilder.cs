using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A string builder that is charged to the budget.</summary>
internal sealed class TextBuilder(Budget budget)
{
    private readonly StringBuilder _text = new();

    public Budget Budget => budget;

    public int Length => _text.Length;

    public TextBuilder Append(string text)
    {
        budget.Write(text.Length);
        _text.Append(text);
        return this;
    }

    public TextBuilder Append(char c, int count = 1)
    {
        budget.Write(count);
        _text.Append(c, count);
        return this;
    }

    /// <summary>Appends a value as it is printed.</summary>
    public TextBuilder AppendText(object? value)
    {
        if (value is TemplateObject composite)
            composite.WriteText(this);
        else
            Append(Literal.OfPlain(value, quotes: false));
        return this;
    }

    /// <summary>Appends a value as a Python literal.</summary>
    public TextBuilder AppendLiteral(object? value)
    {
        budget.Step();
        Budget.CheckDepth();
        if (value is TemplateObject composite)
            composite.WriteLiteral(this);
        else
            Append(Literal.OfPlain(value, quotes: true));
        return this;
    }

    /// <summary>Appends literals separated by commas.</summary>
    public TextBuilder AppendList(IEnumerable<object?> values)
    {
        var isFirst = true;
        foreach (var value in values)
        {
            if (!isFirst)
                Append(", ");
            isFirst = false;
            AppendLiteral(value);
        }
        return this;
    }

    public override string ToString() => _text.ToString();
}
