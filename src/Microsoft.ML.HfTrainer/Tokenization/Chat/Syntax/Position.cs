namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>A one-based position in a template; columns are in UTF-16 units.</summary>
internal readonly record struct Position(int Line, int Column);
