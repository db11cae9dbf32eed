using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>
/// A parsed Jinja template, with the settings and functions that Hugging Face Transformers provides to chat templates. It runs in a sandbox: it sees
/// only the values it is given, and takes no more steps and text than <see cref="Budget"/> allows.
/// </summary>
internal sealed class ChatTemplate
{
    private readonly string _name;
    private readonly Block _body;

    /// <param name="name">The name of the template in messages.</param>
    /// <param name="text">The template source.</param>
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

    /// <summary>
    /// Renders the template; also returns the ranges of the text that come from <c>{% generation %}</c> blocks, and where the text of each element ends over which it loops.
    /// </summary>
    /// <param name="variables">The variables of the template.</param>
    /// <param name="inputSize">The approximate number of characters in the variables.</param>
    /// <param name="clock">The clock of <c>strftime_now</c>.</param>
    public (string Text, IReadOnlyList<(int Start, int End)> Generated, IReadOnlyDictionary<object, int> Ends) Render(IReadOnlyDictionary<string, object?> variables, long inputSize, TimeProvider clock)
    {
        var context = new RenderContext(variables, new Budget(inputSize + Text.Length), clock);
        try
        {
            _body.Render(_body.EnterRoot(context), context.Output);
            return (context.Output.ToString(), context.Generated, context.Ends);
        }
        catch (TemplateFault fault)
        {
            throw Error(fault);
        }
    }

    private ChatTemplateException Error(TemplateFault fault) =>
        new(_name, fault.Position?.Line ?? 1, fault.Position?.Column ?? 1, fault.Message, fault);
}
