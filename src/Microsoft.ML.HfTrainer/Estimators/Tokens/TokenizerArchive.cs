using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Writes and reads the files of a tokenizer in a model's <c>.zip</c>.</summary>
internal static class TokenizerArchive
{
    private const string Folder = "tokenizer/";

    public static void Write(ArchiveWriter archive, HfTokenizer tokenizer)
    {
        archive.Write(tokenizer.Name);
        archive.Write(tokenizer.Files.Count);
        foreach (var (name, content) in tokenizer.Files)
        {
            archive.Write(name);
            archive.WriteFile(Folder + name, stream => stream.Write(content));
        }
    }

    public static HfTokenizer Read(ArchiveReader archive)
    {
        var name = archive.ReadName();
        var files = new Dictionary<string, byte[]>();
        for (var left = archive.ReadInt(); left > 0; left--)
        {
            var file = archive.ReadName();
            if (!TokenizerFiles.IsSafeName(file))
                throw new InvalidDataException($"The model file has a tokenizer file named {JsonText.Show(file)}; the name must be {FileNames.Rule}.");
            files[file] = archive.ReadBytes(Folder + file);
        }
        // A pipeline holds its tokenizer several times: in TokenizeHf, and with each model.
        var tokenizer = TokenizerPack.FindAlive(new TokenizerFiles(name, files).Hash(), name, folder: null) ?? HfTokenizer.FromFiles(name, files);
        TokenizerPack.Remember(tokenizer);
        return tokenizer;
    }
}
