using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Converts Metaspace replacement characters back to spaces, and drops those of the first token if one had been prepended to the text.</summary>
internal sealed class MetaspaceDecoder(char replacement, bool prepends) : IDecoder, IPart<MetaspaceDecoder>
{
    public static string TypeName => "Metaspace";

    public static MetaspaceDecoder Read(PartReader json) =>
        new(MetaspaceFields.Replacement(json), MetaspaceFields.Scheme(json) != PrependScheme.Never);

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var pieces = new string[tokens.Count];
        for (var i = 0; i < pieces.Length; i++)
            pieces[i] = i == 0 && prepends ? tokens[i].Replace(replacement.ToString(), "", StringComparison.Ordinal) : tokens[i].Replace(replacement, ' ');
        return pieces;
    }
}
