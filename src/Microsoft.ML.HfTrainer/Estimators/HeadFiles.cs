using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Sentences;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>The files that a head has beside the weights of the model, such as the modules of a sentence embedding model, while they are read from a model's .zip.</summary>
internal sealed class HeadFiles : IDisposable
{
    private const string Prefix = "head/";

    private readonly string _folder;

    private HeadFiles(string folder)
    {
        _folder = folder;
        Modules = SentenceModules.Read(folder).Modules;
    }

    /// <summary>The modules of a sentence embedding model.</summary>
    public SentenceModules? Modules { get; }

    public static void Write(ArchiveWriter archive, PretrainedModel model)
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-head-").FullName;
        try
        {
            model.SaveFiles(folder);
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
            archive.Write(files.Count);
            foreach (var file in files)
            {
                var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
                archive.Write(name);
                archive.WriteFile(Prefix + name, stream =>
                {
                    using var content = File.OpenRead(file);
                    content.CopyTo(stream);
                });
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static HeadFiles Read(ArchiveReader archive)
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-head-").FullName;
        try
        {
            for (var left = archive.ReadInt(); left > 0; left--)
            {
                var name = archive.ReadName();
                var path = Path.Combine([folder, .. FileNames.Parts(name, "name in the model file")]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                archive.ReadFile(Prefix + name, stream =>
                {
                    using var file = File.Create(path);
                    stream.CopyTo(file);
                    return name;
                });
            }
            return new HeadFiles(folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Loads the weights that are in these files.</summary>
    public void Load(PretrainedModel model) => model.LoadReport = model.LoadReport.And(model.LoadFiles(_folder));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
