using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>Checks that ML.NET can run in this process, and that this library fits its version.</summary>
internal static class MlRuntime
{
    private static readonly Lazy<NotSupportedException?> _fault = new(() => FindFault(TorchLibrary.VersionOf(typeof(MLContext).Assembly)));

    /// <exception cref="PlatformNotSupportedException">Code cannot be generated at run time, which ML.NET does for every column.</exception>
    /// <exception cref="NotSupportedException">The application has a version of Microsoft.ML that lacks members used here.</exception>
    public static void Check()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new PlatformNotSupportedException(
                "ML.NET generates code at run time, and this application is built without support for it, as for native compilation (PublishAot). In a file-based app (dotnet run app.cs), where " +
                "PublishAot is on by default, put the line '#:property PublishAot=false' at the top of the file; in a project, set <PublishAot>false</PublishAot>.");
        }
        if (_fault.Value is { } fault)
            throw new NotSupportedException(fault.Message, fault.InnerException);
    }

    // Members of ML.NET that are not public are used. A version of it that still has them works; of another, all methods are compiled now, so that what is missing is said at the start.
    private static NotSupportedException? FindFault(string running)
    {
        if (running == CompiledVersions.MicrosoftML)
            return null;
        try
        {
            Prepare(typeof(MlRuntime).Assembly.GetTypes());
            return null;
        }
        catch (Exception failure) when (failure is TypeLoadException or MissingMemberException or ReflectionTypeLoadException or BadImageFormatException)
        {
            return new NotSupportedException(
                $"The application has Microsoft.ML {running}, which lacks members that this version of Microsoft.ML.HfTrainer uses ({failure.Message}). Reference Microsoft.ML " +
                $"{CompiledVersions.MicrosoftML}, or a version of Microsoft.ML.HfTrainer for Microsoft.ML {running}.", failure);
        }
    }

    [SuppressMessage("Trimming", "IL2070", Justification = "Methods that were trimmed are not called either.")]
    private static void Prepare(Type[] types)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        // The runtime itself implements the methods of delegates.
        foreach (var type in types.Where(type => !type.ContainsGenericParameters && !type.IsSubclassOf(typeof(Delegate))))
            foreach (var method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)).Where(method => !method.IsAbstract && !method.ContainsGenericParameters && !method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)))
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }
}
