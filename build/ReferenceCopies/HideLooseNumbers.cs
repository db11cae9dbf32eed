using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace ReferenceCopies;

/// <summary>
/// Hides what hands numbers to TorchSharp's operators loosely: conversions of numbers to <c>Scalar</c> and to tensors, and the operators that make a
/// <c>Scalar</c> themselves. Nothing keeps such a <c>Scalar</c> alive while native code reads it, so that a garbage collection at that moment makes
/// an operator fail, or compute with another number. The library has operators of its own in their place (Native/Numbers).
/// </summary>
public sealed class HideLooseNumbers : CopyTask
{
    /// <inheritdoc/>
    protected override void Change(ModuleDefinition module)
    {
        var loose = Loose(module);
        foreach (var type in module.GetTypes())
            foreach (var method in type.Methods.Where(m => IsConversion(m) || loose.Contains(m) && IsOperator(m)))
                method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Private;
    }

    // What is called with numbers by name: TorchScript's functions take them too, and are given held ones.
    private static bool IsOperator(MethodDefinition method) =>
        !method.IsVirtual && !method.IsConstructor && !method.IsGetter && !method.IsSetter && !method.DeclaringType.FullName.Contains("/jit");

    private static bool IsConversion(MethodDefinition method) =>
        method.Name == "op_Implicit" && method.DeclaringType.FullName is "TorchSharp.Scalar" or "TorchSharp.torch/Tensor";

    /// <summary>The methods that make a Scalar, or call one that does.</summary>
    private static HashSet<MethodDefinition> Loose(ModuleDefinition module)
    {
        var calls = (from type in module.GetTypes()
                     where type.FullName is not ("TorchSharp.Scalar" or "TorchSharp.ScalarExtensionMethods")
                     from caller in type.Methods
                     where caller.HasBody
                     from called in caller.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>()
                     select (Caller: caller, Called: called.GetElementMethod().FullName, Makes: MakesScalar(called))).ToList();
        var byCalled = calls.ToLookup(c => c.Called, c => c.Caller);
        var loose = new HashSet<MethodDefinition>(calls.Where(c => c.Makes).Select(c => c.Caller));
        for (var todo = new Queue<MethodDefinition>(loose); todo.Count > 0;)
            foreach (var caller in byCalled[todo.Dequeue().FullName].Where(loose.Add))
                todo.Enqueue(caller);
        return loose;
    }

    private static bool MakesScalar(MethodReference method) => method.Name switch
    {
        "op_Implicit" => method.DeclaringType.FullName == "TorchSharp.Scalar",
        "ToScalar" => method.DeclaringType.FullName == "TorchSharp.ScalarExtensionMethods",
        _ => false,
    };
}
