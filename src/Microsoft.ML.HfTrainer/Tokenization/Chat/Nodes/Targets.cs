using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>The target of an assignment.</summary>
internal abstract class Target
{
    public abstract void Assign(Scope scope, object? value);

    /// <summary>The variables that the target sets.</summary>
    public abstract IEnumerable<string> Names { get; }
}

/// <summary>A variable.</summary>
internal sealed class NameTarget(string name) : Target
{
    public override void Assign(Scope scope, object? value) => scope.Set(name, value);

    public override IEnumerable<string> Names => [name];
}

/// <summary>An attribute of a namespace.</summary>
internal sealed class NamespaceTarget(string name, string attribute) : Target
{
    public override void Assign(Scope scope, object? value)
    {
        var target = scope.Find(name);
        if (target is not NamespaceValue variables)
            throw new TemplateFault($"'{name}.{attribute}' cannot be set: '{name}' is {TypeNames.WithArticle(target)} and no namespace.");
        variables.Set(attribute, value);
    }

    public override IEnumerable<string> Names => [];
}

/// <summary>Several targets, each assigned one element of the value.</summary>
internal sealed class TupleTarget(IReadOnlyList<Target> targets) : Target
{
    public override void Assign(Scope scope, object? value)
    {
        var elements = Iteration.ToArray(value, scope.Budget);
        if (elements.Length != targets.Count)
            throw new TemplateFault($"found {elements.Length} values for {targets.Count} variables.");
        for (var i = 0; i < elements.Length; i++)
            targets[i].Assign(scope, elements[i]);
    }

    public override IEnumerable<string> Names => targets.SelectMany(target => target.Names);
}
