using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>The hash of a file's content that its ETag is.</summary>
internal static class ContentHash
{
    /// <summary>The hash in the form of an ETag; null where the ETag has the form of neither hash, so that it says nothing of the content.</summary>
    /// <param name="content">The content, from its first byte.</param>
    /// <param name="etag">The ETag: 64 hexadecimal digits are a SHA-256 of the content, 40 are git's SHA-1 of it.</param>
    public static string? Of(Stream content, string etag)
    {
        if (!etag.All(char.IsAsciiHexDigit))
            return null;
        content.Position = 0;
        return etag.Length switch
        {
            64 => Convert.ToHexStringLower(SHA256.HashData(content)),
            40 => OfGitBlob(content),
            _ => null,
        };
    }

    private static string OfGitBlob(Stream content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")));
        var buffer = new byte[1 << 16];
        while (content.Read(buffer) is > 0 and var count)
            hash.AppendData(buffer, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
