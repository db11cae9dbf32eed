namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>Counts the tokens at either end of a text that fit a limit. Tokens that share a character are never separated.</summary>
internal static class TokenFit
{
    public static int FromStart(ReadOnlySpan<(int Start, int End)> offsets, int limit)
    {
        if (limit >= offsets.Length)
            return offsets.Length;
        while (limit > 0 && Share(offsets[limit - 1], offsets[limit]))
            limit--;
        return limit;
    }

    public static int FromEnd(ReadOnlySpan<(int Start, int End)> offsets, int limit)
    {
        if (limit >= offsets.Length)
            return offsets.Length;
        while (limit > 0 && Share(offsets[^(limit + 1)], offsets[^limit]))
            limit--;
        return limit;
    }

    private static bool Share((int Start, int End) token, (int Start, int End) next) => next.Start < token.End;
}
