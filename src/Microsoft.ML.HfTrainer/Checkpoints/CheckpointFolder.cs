using System.Text.Json;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The folder that a run writes its checkpoints into. A checkpoint is written beside its place and renamed, so that one that is there is whole.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly TrainingArguments _args;
    private DirectoryInfo? _temporary;

    public CheckpointFolder(TrainingArguments args)
    {
        _args = args;
        Folder = args.OutputDir is { } output ? Path.GetFullPath(output) : null;
    }

    /// <summary>The folder; null where nothing is saved.</summary>
    public string? Folder { get; private set; }

    /// <summary>Makes the folder. Without an output folder, one for the best weights is made where the best weights are wanted at the end.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Prepare()
    {
        if (Folder is null && _args.LoadBestModelAtEnd)
            Folder = (_temporary = Directory.CreateTempSubdirectory("hftrainer-best-")).FullName;
        if (Folder is null)
            return;
        try
        {
            Directory.CreateDirectory(Folder);
            var probe = Path.Combine(Folder, $".{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"TrainingArguments.OutputDir '{Folder}' cannot be written: {failure.Message} Give a folder that exists or can be made, and whose parent is a folder.", failure);
        }
    }

    /// <summary>Writes the checkpoint of the present state and drops those beyond the limit.</summary>
    public void Save(Trainer trainer, RandomState random)
    {
        var state = trainer.State;
        var target = PathOf(state.GlobalStep);
        if (state.BestGlobalStep is { } best && (best == state.GlobalStep || Directory.Exists(PathOf(best))))
            state.BestModelCheckpoint = PathOf(best);
        var unfinished = target + ".unfinished";
        Discard(unfinished);
        ModelFiles.Save(trainer, unfinished);
        File.WriteAllBytes(Path.Combine(unfinished, TrainerState.FileName), state.ToJson());
        File.WriteAllBytes(Path.Combine(unfinished, "training_args.json"), _args.ToJson());
        if (!_args.SaveOnlyModel && _temporary is null)
            SaveProgress(trainer, random, unfinished);
        Discard(target);
        Directory.Move(unfinished, target);
        Rotate(state);
    }

    /// <summary>Takes the best checkpoint's weights back.</summary>
    public void LoadBest(Trainer trainer)
    {
        if (trainer.State.BestModelCheckpoint is { } best && Directory.Exists(best))
            ModelFiles.Load(trainer, best);
        else
            trainer.Logger.Warning("LoadBestModelAtEnd is set, but no checkpoint of the best evaluation was written; the model keeps its last weights.");
    }

    /// <summary>At the end of a run that keeps one checkpoint, that one is the best.</summary>
    public void Finish(TrainerState state)
    {
        if (Folder is null || Limit != 1 || state.BestModelCheckpoint is not { } best)
            return;
        foreach (var (path, _) in Checkpoints().Where(c => c.Path != best))
            Discard(path);
    }

    public void Dispose() => _temporary?.Delete(recursive: true);

    private string PathOf(int step) => Path.Combine(Folder!, $"checkpoint-{step}");

    private static void SaveProgress(Trainer trainer, RandomState random, string folder)
    {
        SafetensorsWriter.Write(Path.Combine(folder, "optimizer.safetensors"), trainer.Optimizer!.State().Select(s => WeightWriting.Describe(s.Name, s.Tensor)));
        var generator = random.ToBytes();
        SafetensorsWriter.Write(Path.Combine(folder, "rng_state.safetensors"), [new SafetensorsTensor("cpu", SafetensorsDType.U8, [generator.Length], generator)]);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("last_epoch", trainer.LearningRateScheduler!.LastStep);
            writer.WriteStartArray("base_lrs");
            foreach (var group in trainer.Optimizer.Groups)
                writer.WriteNumberValue(group.InitialLearningRate);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        File.WriteAllBytes(Path.Combine(folder, "scheduler.json"), buffer.ToArray());
    }

    // A folder made for the best weights holds nothing else.
    private int? Limit => _temporary is null ? _args.SaveTotalLimit : 1;

    private List<(string Path, int Step)> Checkpoints() =>
    [
        .. Directory.EnumerateDirectories(Folder!, "checkpoint-*")
            .Select(path => (Path: path, Step: int.TryParse(Path.GetFileName(path)["checkpoint-".Length..], out var step) ? step : -1))
            .Where(c => c.Step >= 0).OrderBy(c => c.Step),
    ];

    // The newest and the best stay; of the others the oldest go.
    private void Rotate(TrainerState state)
    {
        if (Limit is not { } limit)
            return;
        var checkpoints = Checkpoints();
        var kept = checkpoints.Count;
        foreach (var (path, step) in checkpoints.Where(c => c.Step != state.GlobalStep && c.Path != state.BestModelCheckpoint))
            if (kept > limit)
            {
                Discard(path);
                kept--;
            }
    }

    private static void Discard(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
