using System;
using System.Linq;
using Mono.Cecil;

namespace ReferenceCopies;

/// <summary>
/// Identifies a copy by the content of the assembly and of the task that made it. File times do not: NuGet keeps the dates of publication, so another version of a
/// package may be older than a copy of the present one.
/// </summary>
internal static class CopyKey
{
    /// <summary>Returns the key of a copy.</summary>
    /// <param name="path">The assembly.</param>
    /// <param name="task">The module version id of the task's assembly.</param>
    public static string Of(string path, Guid task)
    {
        using var module = ModuleDefinition.ReadModule(path);
        return new Guid(module.Mvid.ToByteArray().Zip(task.ToByteArray(), (a, b) => (byte)(a ^ b)).ToArray()).ToString("N");
    }
}
