namespace Microsoft.ML.HfTrainer.Native;

/// <summary>How OpenMP's threads wait for each other.</summary>
internal static class IdleThreads
{
    private static readonly string[] _settings = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME", "KMP_LIBRARY"];

    /// <summary>
    /// Lets them sleep, unless the environment says how they wait. By default they spin, and where other processes use the cores, they spin away the time that the thread which they wait
    /// for needs: an operation then takes ten times as long. OpenMP reads the setting once, when it is loaded.
    /// </summary>
    public static void Sleep()
    {
        if (_settings.All(name => Environment.GetEnvironmentVariable(name) is null))
            NativeEnvironment.SetDefault(_settings[0], "PASSIVE");
    }
}
