using Microsoft.ML.HfTrainer.Benchmarks;

// usage: WORKLOAD [--precision fp32|bf16] [--steps N] [--shared FOLDER]
// Runs a workload of FOLDER/bench/workloads.json (FOLDER: the variable HFTRAINER_SHARED, else ../shared, from the root of the repository) and prints
// one JSON line with its times, losses and metrics.
// usage: optimizer-step [--steps N] [--shared FOLDER]
// Times N steps of the fused AdamW and of TorchSharp's own over the parameters of FOLDER/models/minilm-l6, in turns, and prints the medians and their ratio.
// usage: tokenize [--steps N] [--shared FOLDER]
// Times N rounds of encoding sentences and long documents against the original's native tokenizers, in turns, and prints texts per second and their
// ratios for every tokenizer of FOLDER/golden/tokenizers named in TokenizeRun, and how much faster two threads encode a batch than one.
try
{
    var options = Options.Parse(args);
    Console.WriteLine(options.Workload switch
    {
        "optimizer-step" => OptimizerStepRun.Run(Path.Combine(options.Shared, "models", "minilm-l6"), options.Steps ?? 30),
        "tokenize" => TokenizeRun.Run(options.Shared, options.Steps ?? 7),
        _ => SequenceClassificationRun.Run(Workload.Read(options), options),
    });
    return 0;
}
catch (Exception failure) when (failure is ArgumentException or IOException or NotSupportedException or InvalidDataException)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
