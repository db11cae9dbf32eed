using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

namespace ReferenceCopies;

/// <summary>Writes modified copies of assemblies for the compiler. At run time the original assemblies are loaded.</summary>
public abstract class CopyTask : Task
{
    /// <summary>The assemblies to copy.</summary>
    [Required]
    public ITaskItem[] Assemblies { get; set; } = [];

    /// <summary>The folder of the copies. Each is in a sub-folder named by its <see cref="CopyKey"/> and keeps its file name.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>The copies made.</summary>
    [Output]
    public ITaskItem[] Copies { get; set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        Copies = Assemblies.Select(assembly => (ITaskItem)new TaskItem(Copy(assembly.ItemSpec))).ToArray();
        return !Log.HasLoggedErrors;
    }

    /// <summary>Modifies an assembly.</summary>
    protected abstract void Change(ModuleDefinition module);

    private string Copy(string path)
    {
        var copy = Path.Combine(OutputFolder, CopyKey.Of(path, GetType().Assembly.ManifestModule.ModuleVersionId), Path.GetFileName(path));
        if (File.Exists(copy))
            return copy;
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
        Change(module);
        // Renamed into place, so that a build that is stopped leaves no half of a copy.
        module.Write(copy + ".part");
        File.Move(copy + ".part", copy);
        return copy;
    }
}
