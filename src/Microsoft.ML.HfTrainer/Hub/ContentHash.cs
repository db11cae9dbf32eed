using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>Compares content with its ETag, if the ETag is a hash of it.</summary>
internal static class ContentHash
{
    /// <summary>Returns the hash of content that does not match its ETag; null if it matches, or if the ETag is not of a known kind and so tells nothing about the content.</summary>
    /// <param name="content">The content, from its first byte.</param>
    /// <param name="etag">The ETag: 64 hexadecimal digits are a SHA-256 of the content, 40 digits the SHA-1 of its Git blob or of the content itself.</param>
    public static string? Mismatch(Stream content, string etag)
    {
        if (!etag.All(char.IsAsciiHexDigit))
            return null;
        string[] hashes = etag.Length switch
        {
            64 => [Convert.ToHexStringLower(SHA256.HashData(Rewound(content)))],
            40 => [OfGitBlob(Rewound(content)), Convert.ToHexStringLower(SHA1.HashData(Rewound(content)))],
            _ => [etag],
        };
        return hashes.Contains(etag, StringComparer.OrdinalIgnoreCase) ? null : hashes[0];
    }

    private static Stream Rewound(Stream content)
    {
        content.Position = 0;
        return content;
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
