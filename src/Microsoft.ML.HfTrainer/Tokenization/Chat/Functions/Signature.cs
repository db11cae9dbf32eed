using System.Globalization;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The parameters of a function and their default values.</summary>
internal sealed class Signature
{
    private readonly List<(string Name, bool IsOptional, object? Default)> _parameters = [];
    private readonly bool _takesMore, _takesNames;

    /// <summary>
    /// Parses a signature in Python's notation: <c>value, count=none, *rest, **names</c>. Defaults are none, true, false, integers, and strings in
    /// single quotes.
    /// </summary>
    public Signature(string text)
    {
        foreach (var parameter in text.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            _takesNames |= parameter.StartsWith("**", StringComparison.Ordinal);
            _takesMore |= parameter.StartsWith('*') && !parameter.StartsWith("**", StringComparison.Ordinal);
            if (!parameter.StartsWith('*'))
                _parameters.Add(parameter.Split('=') is [var name, var given] ? (name, true, Default(given)) : (parameter, false, null));
        }
    }

    /// <summary>
    /// Returns the arguments in the order of the parameters; followed, if the signature has them, by an array of further positional arguments and a
    /// list of further keyword arguments.
    /// </summary>
    public object?[] Bind(string function, CallArguments arguments)
    {
        var bound = new object?[_parameters.Count + (_takesMore ? 1 : 0) + (_takesNames ? 1 : 0)];
        var positional = arguments.Positional;
        if (positional.Length > _parameters.Count && !_takesMore)
            throw new TemplateFault($"{function} takes at most {_parameters.Count} arguments ({Names}), not {positional.Length}.");
        var given = Math.Min(positional.Length, _parameters.Count);
        Array.Copy(positional, bound, given);
        for (var i = given; i < _parameters.Count; i++)
            bound[i] = Named(function, arguments.Named, i);
        if (_takesMore)
            bound[_parameters.Count] = positional[given..];
        KeyValuePair<string, object?>[] others = [.. arguments.Named.Where(named => IndexOf(named.Key) < given)];
        if (_takesNames)
            bound[^1] = others.Where(named => IndexOf(named.Key) < 0).ToArray();
        foreach (var (name, _) in others)
        {
            if (IndexOf(name) >= 0)
                throw new TemplateFault($"{function} is given '{name}' twice.");
            if (!_takesNames)
                throw new TemplateFault($"{function} has no parameter '{name}'; it has {Names}.");
        }
        return bound;
    }

    private string Names => _parameters.Count == 0 ? "none" : string.Join(", ", _parameters.Select(parameter => parameter.Name));

    private int IndexOf(string name) => _parameters.FindIndex(parameter => parameter.Name == name);

    private object? Named(string function, IReadOnlyList<KeyValuePair<string, object?>> named, int place)
    {
        var (name, isOptional, otherwise) = _parameters[place];
        foreach (var (given, value) in named)
        {
            if (given == name)
                return value;
        }
        return isOptional ? otherwise : throw new TemplateFault($"{function} needs '{name}'.");
    }

    private static object? Default(string text) => text switch
    {
        "none" => null,
        "true" => true,
        "false" => false,
        ['\'', .. var content, '\''] => content,
        _ => long.Parse(text, CultureInfo.InvariantCulture),
    };
}
