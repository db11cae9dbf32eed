namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>A place in a template, both counted from 1; columns in UTF-16 units.</summary>
internal readonly record struct Position(int Line, int Column);
