using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>An error in a chat template; its position is added while the exception propagates.</summary>
internal sealed class TemplateFault : Exception
{
    public TemplateFault(string message) : base(message)
    {
    }

    public TemplateFault(string message, Position position) : base(message) => Position = position;

    public Position? Position { get; private set; }

    /// <summary>
    /// Records the position unless a more precise one is known. Called from exception filters, from the innermost node outwards, before the stack is
    /// unwound; always returns false.
    /// </summary>
    public bool Locate(Position position)
    {
        Position ??= position;
        return false;
    }
}
