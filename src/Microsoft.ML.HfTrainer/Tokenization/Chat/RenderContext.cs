using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>The state of one rendering: its variables, budget and output.</summary>
internal sealed class RenderContext(IReadOnlyDictionary<string, object?> variables, Budget budget, TimeProvider clock)
{
    public Budget Budget => budget;

    /// <summary>The local time.</summary>
    public DateTime Now => clock.GetLocalNow().DateTime;

    /// <summary>The rendered text so far, without that of macros and captured blocks.</summary>
    public TextBuilder Output { get; } = new(budget);

    /// <summary>The ranges of the text that come from <c>{% generation %}</c>, in UTF-16 units.</summary>
    public List<(int Start, int End)> Generated { get; } = [];

    /// <summary>Where the text of each element ends over which the template has looped, such as a message.</summary>
    public Dictionary<object, int> Ends { get; } = new(ReferenceEqualityComparer.Instance);

    public bool TryFind(string name, out object? value) => variables.TryGetValue(name, out value) || Functions.Globals.All.TryGetValue(name, out value);
}
