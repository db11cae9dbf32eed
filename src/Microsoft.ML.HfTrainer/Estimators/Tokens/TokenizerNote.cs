using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>
/// What the annotations of token columns say about their tokenizer: enough to check that a model fits, to tokenize other data alike, and to save the tokenizer with the
/// model.
/// </summary>
internal sealed record TokenizerNote
{
    private const string IdentityKind = "HfTokenizerIdentity", NameKind = "HfTokenizerName", FilesKind = "HfTokenizerFiles",
        VocabularySizeKind = "HfVocabularySize", PadTokenIdKind = "HfPadTokenId", SettingsKind = "HfTokenizeSettings", FolderKind = "HfModelFolder";

    /// <summary>The name of the annotation that marks token columns.</summary>
    public const string MarkKind = IdentityKind;

    public required string Identity { get; init; }

    public required string Name { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>The id of the padding token; null if the tokenizer has none.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The folder that the tokenizer was loaded from, often that of a model; null if it comes from a saved pipeline.</summary>
    public string? Folder { get; init; }

    /// <summary>The settings of the tokenization.</summary>
    public required TokenizeSettings Settings { get; init; }

    /// <summary>Describes a tokenizer.</summary>
    public static TokenizerNote Of(HfTokenizer tokenizer, TokenizeSettings settings) => new()
    {
        Identity = tokenizer.Identity,
        Name = tokenizer.Name,
        VocabularySize = tokenizer.VocabularySize,
        PadTokenId = tokenizer.PadTokenId,
        Folder = tokenizer.Folder,
        Settings = settings,
    };

    /// <summary>Converts the note to annotations.</summary>
    /// <param name="tokenizer">The tokenizer, to add its files; null to leave them out.</param>
    public DataViewSchema.Annotations ToAnnotations(HfTokenizer? tokenizer)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddText(builder, IdentityKind, Identity);
        AddText(builder, NameKind, Name);
        AddNumber(builder, VocabularySizeKind, VocabularySize);
        AddNumber(builder, PadTokenIdKind, PadTokenId);
        AddText(builder, FolderKind, Folder ?? "");
        AddText(builder, SettingsKind, TokenizeSettingsJson.Write(Settings));
        if (tokenizer is not null)
            builder.Add(FilesKind, new VectorDataViewType(NumberDataViewType.Byte), (ref VBuffer<byte> bytes) => bytes = Packed(tokenizer));
        return builder.ToAnnotations();
    }

    /// <summary>Reads the note of a column; null if it has none.</summary>
    public static TokenizerNote? Read(DataViewSchema.Annotations annotations) => annotations.Schema.GetColumnOrNull(MarkKind) is null ? null : new TokenizerNote
    {
        Identity = Text(annotations, IdentityKind)!,
        Name = Text(annotations, NameKind)!,
        VocabularySize = Number(annotations, VocabularySizeKind)!.Value,
        PadTokenId = Number(annotations, PadTokenIdKind),
        Folder = Text(annotations, FolderKind) is { Length: > 0 } folder ? folder : null,
        Settings = TokenizeSettingsJson.Read(Text(annotations, SettingsKind)!),
    };

    /// <summary>Loads the tokenizer whose files are in the annotations.</summary>
    public HfTokenizer LoadTokenizer(DataViewSchema.Annotations annotations)
    {
        var packed = default(VBuffer<byte>);
        annotations.GetValue(FilesKind, ref packed);
        return TokenizerPack.Load(Name, packed.DenseValues().ToArray());
    }

    private static VBuffer<byte> Packed(HfTokenizer tokenizer)
    {
        var bytes = TokenizerPack.Write(tokenizer);
        return new VBuffer<byte>(bytes.Length, bytes);
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, text.AsMemory());

    private static void AddNumber(DataViewSchema.Annotations.Builder builder, string kind, int? number)
    {
        if (number is { } value)
            builder.AddPrimitiveValue(kind, NumberDataViewType.Int32, value);
    }

    private static string? Text(DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind) is null)
            return null;
        var value = default(ReadOnlyMemory<char>);
        annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    private static int? Number(DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind) is null)
            return null;
        var value = 0;
        annotations.GetValue(kind, ref value);
        return value;
    }
}
