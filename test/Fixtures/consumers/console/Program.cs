// A program of somebody who references the packages. What it is asked for by its first argument is all that it does.
using System;
using System.IO;
using Microsoft.ML;
using Microsoft.ML.HfTrainer;
using TorchSharp;

try
{
    switch (args[0])
    {
        case "library":
            Report();
            Sum();
            break;
        case "torch-first":
            Sum();
            Report();
            break;
        case "model":
            Console.WriteLine(string.Join(' ', Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "HfTrainer", "MiniLM"))));
            break;
        case "pipeline":
            _ = HfTrainerCatalog.Of(new MLContext()).SequenceClassification();
            Console.WriteLine("pipeline made");
            break;
        default:
            throw new ArgumentException(args[0]);
    }
    return 0;
}
catch (Exception failure)
{
    for (var cause = failure; cause is not null; cause = cause.InnerException)
        Console.Error.WriteLine($"{cause.GetType().Name}: {cause.Message}");
    return 1;
}

static void Report()
{
    var report = HfTrainerEnvironment.Check();
    Console.WriteLine($"TorchSharp {report.TorchSharpVersion}, {report.CpuThreads} threads");
    Console.WriteLine($"libtorch {report.LibtorchFile}");
}

static void Sum() => Console.WriteLine($"sum {torch.ones(3, 4).sum().item<float>()}");
