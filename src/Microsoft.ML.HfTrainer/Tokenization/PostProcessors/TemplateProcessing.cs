using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>Templates given piece by piece.</summary>
internal sealed class TemplateProcessing(TokenTemplate single, TokenTemplate pair) : IPostProcessor, IPart<TemplateProcessing>
{
    public static string TypeName => "TemplateProcessing";

    public static TemplateProcessing Read(PartReader json)
    {
        var specialTokens = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var specials = json.Object("special_tokens");
        foreach (var special in specials.Element.EnumerateObject())
            specialTokens.Add(special.Name, [.. specials.Object(special.Name).Items("ids", id => id.AsNumber())]);
        return new TemplateProcessing(
            new TokenTemplate(json.Items("single", piece => ReadPiece(piece, specialTokens))),
            new TokenTemplate(json.Items("pair", piece => ReadPiece(piece, specialTokens))));
    }

    public PostProcessing Amend(PostProcessing processing) => processing with { Single = single, Pair = pair };

    private static TemplatePiece ReadPiece(PartReader json, Dictionary<string, int[]> specialTokens)
    {
        if (json.Child("Sequence") is { } sequence)
        {
            var index = sequence.Text("id") switch
            {
                "A" => 0,
                "B" => 1,
                var other => throw sequence.Error($"found the sequence '{other}'; it must be 'A' or 'B'."),
            };
            // Unlike other post-processors, this one does not apply the template's token types to overflowing parts.
            return TemplatePiece.Text(index, sequence.OptionalNumber("type_id") ?? 0, overflowTypeId: index);
        }
        var special = json.Required("SpecialToken");
        var name = special.Text("id");
        return specialTokens.TryGetValue(name, out var ids)
            ? TemplatePiece.Special(special.OptionalNumber("type_id") ?? 0, ids)
            : throw special.Error($"the special token '{name}' is not among special_tokens ({string.Join(", ", specialTokens.Keys)}).");
    }
}
