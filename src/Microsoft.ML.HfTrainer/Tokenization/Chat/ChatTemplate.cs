using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>
/// A Jinja template, parsed, with the settings and functions that the original gives chat templates. It is run as data: it reaches
/// nothing but the values it is given, and takes no more steps and text than <see cref="Budget"/> allows.
/// </summary>
internal sealed class ChatTemplate
{
    private readonly string _name;
    private readonly Block _body;

    /// <param name="name">What the template is called in messages.</param>
    /// <param name="text">The template.</param>
    public ChatTemplate(string name, string text)
    {
        (_name, Text) = (name, text);
        try
        {
            _body = StatementParser.Parse(text);
        }
        catch (TemplateFault fault)
        {
            throw Error(fault);
        }
    }

    public string Text { get; }

    /// <summary>Renders the template; also gives the stretches of the text that come from <c>{% generation %}</c>.</summary>
    /// <param name="variables">The variables that the template may read.</param>
    /// <param name="inputSize">About how many characters they have.</param>
    /// <param name="clock">Tells <c>strftime_now</c> the time.</param>
    public (string Text, IReadOnlyList<(int Start, int End)> Generated) Render(IReadOnlyDictionary<string, object?> variables, long inputSize, TimeProvider clock)
    {
        var context = new RenderContext(variables, new Budget(inputSize + Text.Length), clock);
        try
        {
            _body.Render(_body.EnterRoot(context), context.Output);
            return (context.Output.ToString(), context.Generated);
        }
        catch (TemplateFault fault)
        {
            throw Error(fault);
        }
    }

    private ChatTemplateException Error(TemplateFault fault) =>
        new(_name, fault.Position?.Line ?? 1, fault.Position?.Column ?? 1, fault.Message, fault);
}
