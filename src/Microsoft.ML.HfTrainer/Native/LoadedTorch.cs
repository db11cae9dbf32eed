namespace Microsoft.ML.HfTrainer.Native;

/// <summary>What came of loading the native libraries: a handle of TorchSharp's, or the reason why there is none.</summary>
/// <param name="Handle">The handle of TorchSharp's library, 0 on failure.</param>
/// <param name="Torch">The file of libtorch, if it was found.</param>
/// <param name="Bridge">The file of TorchSharp's library, if it was found.</param>
/// <param name="IsMended">Whether an adapted copy of that file runs.</param>
/// <param name="Failure">What to throw.</param>
internal sealed record LoadedTorch(nint Handle, string? Torch, string? Bridge, bool IsMended, DllNotFoundException? Failure)
{
    /// <exception cref="DllNotFoundException">Nothing was loaded.</exception>
    public LoadedTorch OrThrow() => Failure is null ? this : throw new DllNotFoundException(Failure.Message, Failure.InnerException);
}
