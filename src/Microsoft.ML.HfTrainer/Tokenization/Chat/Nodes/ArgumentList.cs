using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>The arguments of a call; <c>*more</c> and <c>**names</c> expand to further ones.</summary>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? More = null, Expression? Names = null)
{
    public static ArgumentList None { get; } = new([], []);

    public CallArguments Evaluate(Scope scope)
    {
        object?[] positional = [.. Positional.Select(argument => argument.Evaluate(scope))];
        if (More is not null)
            positional = [.. positional, .. Iteration.ToArray(More.Evaluate(scope), scope.Budget)];
        if (Named.Count == 0 && Names is null)
            return new CallArguments(positional, []);
        var named = Named.Select(argument => KeyValuePair.Create(argument.Name, argument.Value.Evaluate(scope))).ToList();
        if (Names is not null)
        {
            named.AddRange(Argument.Mapping(Names.Evaluate(scope), "**").Entries
                .Select(entry => KeyValuePair.Create(Argument.Text(entry.Key, "a name"), entry.Value)));
        }
        if (named.Select(argument => argument.Key).Distinct().Count() < named.Count)
            throw new TemplateFault("the call passes an argument twice.");
        return new CallArguments(positional, named);
    }
}
