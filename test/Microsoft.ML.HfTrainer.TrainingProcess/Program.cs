using Microsoft.ML.HfTrainer;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.TrainingProcess;

if (args is ["load", var folder])
    return LoadedMemory.Measure(folder);
if (args is ["mpi", var what])
    return MpiRun.Run(what);
if (args is ["launched", .. var plan])
    return LaunchedRun.Run(plan);
if (args is ["tokenize", var text, .. var files])
    return SavedTokens.Tell(text, files);
if (args is ["predict", var file, var reviews])
    return SavedPredictions.Tell(file, reviews);
if (args is ["transform", var saved, var input, var output])
    return SavedTransform.Write(saved, input, output);

// A training run that tests kill: goes on from the newest whole checkpoint, if there is one, and says what it does line by line.
var settings = RunSettings.Parse(args);
if (settings.KillPoint is { } point)
    SavePoint.Reached = new Kill(point, settings.KillOccurrence).At;

using var model = AutoModelForSequenceClassification.FromPretrained(settings.Model);
using var trainer = new Trainer(
    model, settings.Arguments(), SmallData.Make(25, seed: 1), SmallData.Make(6, seed: 2), dataCollator: new DataCollatorWithPadding(0), callbacks: [new Teller()], logger: new Teller());
try
{
    trainer.Train(Newest());
    Teller.Say($"ended {trainer.State.GlobalStep}");
    return 0;
}
catch (OperationCanceledException stopped)
{
    Teller.Say($"stopped {stopped.Message}");
    return 4;
}
catch (IOException failure)
{
    Teller.Say($"failed {failure.Message}");
    return 3;
}

string? Newest()
{
    try
    {
        return trainer.NewestCheckpoint();
    }
    catch (DirectoryNotFoundException)
    {
        return null;
    }
}
