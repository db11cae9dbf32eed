namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>A piece of a SentencePiece model; its index in the list is its id.</summary>
/// <param name="Text">The piece, with spaces written as ▁.</param>
/// <param name="Score">In a Unigram model the log probability; in a BPE model the merge priority, higher first.</param>
/// <param name="Type">The type of the piece.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type = PieceType.Normal);
