using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

namespace ReferenceCopies;

/// <summary>Writes changed copies of assemblies for the compiler alone; the real assemblies run, unchanged.</summary>
public abstract class CopyTask : Task
{
    /// <summary>The assemblies to copy.</summary>
    [Required]
    public ITaskItem[] Assemblies { get; set; } = [];

    /// <summary>The folder of the copies, which keep their file names.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>The copies made.</summary>
    [Output]
    public ITaskItem[] Copies { get; set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        Directory.CreateDirectory(OutputFolder);
        Copies = Assemblies.Select(assembly => (ITaskItem)new TaskItem(Copy(assembly.ItemSpec))).ToArray();
        return !Log.HasLoggedErrors;
    }

    /// <summary>Changes an assembly.</summary>
    protected abstract void Change(ModuleDefinition module);

    private string Copy(string path)
    {
        var copy = Path.Combine(OutputFolder, Path.GetFileName(path));
        if (File.Exists(copy) && new[] { path, GetType().Assembly.Location }.All(source => File.GetLastWriteTimeUtc(copy) >= File.GetLastWriteTimeUtc(source)))
            return copy;
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
        Change(module);
        module.Write(copy);
        File.SetLastWriteTimeUtc(copy, System.DateTime.UtcNow);
        return copy;
    }
}
