using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Functions in TorchScript, which reaches operators of libtorch that TorchSharp does not expose. They are compiled at the first call.</summary>
/// <param name="source">The functions. Each gives back one tensor: TorchSharp can take nothing else from one without a result.</param>
internal sealed class ScriptFunctions(string source)
{
    private readonly Lazy<jit.CompilationUnit> _unit = new(() => jit.compile(source));

    /// <summary>Calls a function with tensors, arrays of tensors, numbers and truth values.</summary>
    public Tensor Call(string function, params object[] arguments)
    {
        object[] held = [.. arguments.Select(argument => argument is double number ? ((Number)number).Held : argument)];
        var result = (Tensor)_unit.Value.invoke(function, held);
        // TorchSharp lets go of the arguments before native code has read them.
        GC.KeepAlive(held);
        return result;
    }
}
