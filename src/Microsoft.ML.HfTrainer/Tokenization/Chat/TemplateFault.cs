using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>An error in a chat template; its position is added while the exception propagates.</summary>
internal sealed class TemplateFault : Exception
{
    public TemplateFault(string message) : base(message)
    {
    }

    public TemplateFault(string message, Position position) : base(message) => Position = position;

    /// <summary>The position of the innermost node that failed; null until that node adds it.</summary>
    public Position? Position { get; set; }
}
