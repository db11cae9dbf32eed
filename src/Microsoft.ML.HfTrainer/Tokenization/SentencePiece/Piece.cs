namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>A piece of a SentencePiece model; its place in the list is its id.</summary>
/// <param name="Text">The piece, spaces written ▁.</param>
/// <param name="Score">In a Unigram model the logarithm of its probability; in a BPE model the greater, the earlier it is merged.</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type = PieceType.Normal);
