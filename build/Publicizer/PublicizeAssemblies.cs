using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

namespace Publicizer;

/// <summary>
/// Writes copies of assemblies in which every type and member is public. The library is compiled against such copies of ML.NET
/// and says so to the runtime with <c>IgnoresAccessChecksTo</c>; the real assemblies run, unchanged.
/// </summary>
public sealed class PublicizeAssemblies : Task
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
        Copies = Assemblies.Select(assembly => (ITaskItem)new TaskItem(Publicize(assembly.ItemSpec))).ToArray();
        return !Log.HasLoggedErrors;
    }

    private string Publicize(string path)
    {
        var copy = Path.Combine(OutputFolder, Path.GetFileName(path));
        if (File.Exists(copy) && File.GetLastWriteTimeUtc(copy) >= File.GetLastWriteTimeUtc(path))
            return copy;
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
        foreach (var type in module.GetTypes().Where(t => !t.Name.StartsWith("<")))
            Publicize(type);
        module.Write(copy);
        File.SetLastWriteTimeUtc(copy, System.DateTime.UtcNow);
        return copy;
    }

    private static void Publicize(TypeDefinition type)
    {
        type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | (type.IsNested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
        // Explicit interface implementations stay private: C# would see two members of one signature otherwise.
        foreach (var method in type.Methods.Where(m => !m.HasOverrides))
            method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
        // An event and its backing field have one name: only the event is shown.
        var events = type.Events.Select(e => e.Name).ToList();
        foreach (var field in type.Fields.Where(f => !f.Name.StartsWith("<") && !events.Contains(f.Name)))
            field.Attributes = (field.Attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public;
    }
}
