using Microsoft.ML.HfTrainer.Benchmarks;

// usage: WORKLOAD [--precision fp32] [--steps N] [--shared FOLDER]
// Runs a workload of FOLDER/bench/workloads.json (FOLDER: the variable HFTRAINER_SHARED, else ../shared, from the root of the repository) and prints
// one JSON line with its times, losses and metrics.
try
{
    var options = Options.Parse(args);
    var workload = Workload.Read(options);
    Console.WriteLine(SequenceClassificationRun.Run(workload, options));
    return 0;
}
catch (Exception failure) when (failure is ArgumentException or IOException or NotSupportedException or InvalidDataException)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
