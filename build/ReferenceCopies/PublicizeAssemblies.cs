using System.Linq;
using Mono.Cecil;

namespace ReferenceCopies;

/// <summary>
/// Makes every type and member public. The library is compiled against such copies of ML.NET, and says so to the runtime with
/// <c>IgnoresAccessChecksTo</c>.
/// </summary>
public sealed class PublicizeAssemblies : CopyTask
{
    /// <inheritdoc/>
    protected override void Change(ModuleDefinition module)
    {
        foreach (var type in module.GetTypes().Where(t => !t.Name.StartsWith("<")))
            Publicize(type);
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
