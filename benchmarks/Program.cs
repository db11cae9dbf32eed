using Microsoft.ML.HfTrainer.Benchmarks;

// usage: WORKLOAD [--precision fp32|bf16] [--steps N] [--shared FOLDER]
// Runs a workload of FOLDER/bench/workloads.json and prints one JSON line with its times, losses and metrics. FOLDER defaults to the environment variable
// HFTRAINER_SHARED, otherwise to ../shared, relative to the root of the repository.
// usage: generate-gpt2|generate-t5-small [--steps N] [--shared FOLDER]
// Generates N tokens (128 by default) for one and for eight sequences, and prints tokens per second; generate.py runs the same in Python.
// usage: answers-minilm [--steps N] [--shared FOLDER]
// Trains the model of FOLDER/models/minilm-l6 for N updates (100 by default) on questions of FOLDER/data/squad, and prints losses, exact match and F1; answers.py runs the same in Python.
// usage: entities-minilm [--steps N] [--shared FOLDER]
// Trains the same model for N updates (200 by default) on the sentences of FOLDER/data/wnut17, and prints losses and the F1 of entities; entities.py runs the same in Python.
// usage: optimizer-step [--steps N] [--shared FOLDER]
// Times N alternating steps of the fused AdamW and of TorchSharp's AdamW on the parameters of FOLDER/models/minilm-l6, and prints the medians and their ratio.
// usage: tokenize [--steps N] [--shared FOLDER]
// Times N alternating rounds of encoding sentences and long documents with this library and with the native Hugging Face tokenizers, and prints texts per
// second and their ratios for the tokenizers of FOLDER/golden/tokenizers named in TokenizeRun, and the speed-up of a batch on two threads.
// usage: predict-rows [--steps N] [--shared FOLDER]
// Times N predictions of one row each.
// usage: predict-batches [--shared FOLDER]
// Times a model on batches of several sizes, with one thread and with all, alternating, and prints the medians and the best times.
// usage: serve [--steps N] [--shared FOLDER]
// Sends N requests (1,000 by default) to examples/WebApi from 32 clients, three times, and some one at a time; checks every answer, and prints requests per second
// and the server's memory.
try
{
    var options = Options.Parse(args);
    Console.WriteLine(options.Workload switch
    {
        "optimizer-step" => OptimizerStepRun.Run(Path.Combine(options.Shared, "models", "minilm-l6"), options.Steps ?? 30),
        "predict-rows" or "predict-batches" => PredictRowsRun.Run(options.Shared, options.Steps ?? 500, options.Workload == "predict-batches"),
        "serve" => await ServeRun.RunAsync(options.Shared, options.Steps ?? 1000),
        AnswersRun.Name => AnswersRun.Run(options),
        EntitiesRun.Name => EntitiesRun.Run(options),
        "tokenize" => TokenizeRun.Run(options.Shared, options.Steps ?? 7),
        var workload when GenerateRun.Knows(workload) => GenerateRun.Run(options),
        _ => SequenceClassificationRun.Run(Workload.Read(options), options),
    });
    return 0;
}
catch (Exception failure) when (failure is ArgumentException or IOException or NotSupportedException or InvalidDataException)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
