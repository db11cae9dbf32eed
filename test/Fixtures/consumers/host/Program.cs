// Runs another program inside itself: as a plug-in (host plugin PROGRAM ARGUMENTS), or as a script host does, with each referenced assembly taken from the
// package caches (host cache CACHES PROGRAM ARGUMENTS).
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;

var isPlugin = args[0] == "plugin";
var rest = args[(isPlugin ? 1 : 2)..];
AssemblyLoadContext context = isPlugin ? new PluginContext(rest[0]) : new CacheContext(args[1].Split(Path.PathSeparator));
return (int)context.LoadFromAssemblyPath(rest[0]).EntryPoint!.Invoke(null, [rest[1..]])!;

internal sealed class PluginContext(string program) : AssemblyLoadContext("plugin")
{
    private readonly AssemblyDependencyResolver _resolver = new(program);

    protected override Assembly? Load(AssemblyName name) => _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string name) => _resolver.ResolveUnmanagedDllToPath(name) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}

internal sealed class CacheContext(string[] caches) : AssemblyLoadContext("script")
{
    private static readonly string[] _frameworks = ["net10.0", "net9.0", "net8.0", "net6.0", "netstandard2.1", "netstandard2.0"];

    // A cache is <package>/<version>/lib/<framework>/<assembly>.dll.
    private readonly ILookup<string, string> _assemblies = caches.SelectMany(Directory.EnumerateDirectories).SelectMany(Directory.EnumerateDirectories)
        .SelectMany(version => _frameworks.Select(framework => Path.Combine(version, "lib", framework)).Where(Directory.Exists).Take(1))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")).ToLookup(file => Path.GetFileNameWithoutExtension(file));

    // What the framework has is the framework's, whatever lies in the cache.
    private static readonly HashSet<string?> _framework = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(Path.GetFileNameWithoutExtension)];

    protected override Assembly? Load(AssemblyName name) => _framework.Contains(name.Name) ? null : Find(name);

    private Assembly? Find(AssemblyName name) =>
        _assemblies[name.Name!].Order(StringComparer.Ordinal).LastOrDefault() is { } path ? LoadFromAssemblyPath(path) : null;
}
