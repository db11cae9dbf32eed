using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>Something wrong in a chat template; where it is becomes known on the way out.</summary>
internal sealed class TemplateFault : Exception
{
    public TemplateFault(string message) : base(message)
    {
    }

    public TemplateFault(string message, Position position) : base(message) => Position = position;

    public Position? Position { get; private set; }

    /// <summary>
    /// Notes the place unless a more exact one is known. As the filter of a catch clause it is asked from the innermost part of the
    /// template outwards, before the stack is unwound; it never catches.
    /// </summary>
    public bool Locate(Position position)
    {
        Position ??= position;
        return false;
    }
}
