using Microsoft.ML.HfTrainer.Formats.Protobuf;
using Values = System.Collections.Generic.IEnumerable<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;

/// <summary>A record of the transaction log, with the field numbers of <c>wandb_internal.proto</c>. Values are named JSON texts.</summary>
/// <param name="Field">The field of the record's kind.</param>
/// <param name="Content">The record itself.</param>
internal readonly record struct WandbRecord(uint Field, ProtoMessage Content)
{
    /// <summary>The version of the client whose log format this is.</summary>
    public const string ClientVersion = "0.31.0";

    private const string OldestReader = "0.70.0";

    /// <summary>Numbers the record for the log.</summary>
    public ProtoMessage Numbered(ulong number) => new ProtoMessage().Integer(1, number).Message(Field, Content);

    /// <summary>The first record: the version of the format.</summary>
    public static WandbRecord Header() =>
        new(21, new ProtoMessage().Message(1, new ProtoMessage().Text(1, ClientVersion).Text(2, OldestReader)));

    public static WandbRecord Run(WandbSettings settings, string id, DateTimeOffset start, Values config)
    {
        var run = new ProtoMessage().Text(1, id);
        Text(run, 2, settings.Entity);
        Text(run, 3, settings.Project);
        run.Message(4, Updates(config, nested: false));
        Text(run, 6, settings.Group);
        Text(run, 7, settings.JobType);
        Text(run, 8, settings.Name);
        Text(run, 9, settings.Notes);
        foreach (var tag in settings.Tags)
            run.Text(10, tag);
        Text(run, 13, settings.Host);
        run.Message(17, Time(start)).Message(19, new ProtoMessage().Text(5, ClientVersion));
        return new(17, settings.Resume is WandbResume.Allow or WandbResume.Must ? run.Integer(24, 1) : run);
    }

    /// <summary>The axis of all charts: every metric by the value of one.</summary>
    public static IEnumerable<WandbRecord> Axis(string metric)
    {
        yield return new(12, new ProtoMessage().Text(1, metric).Message(6, new ProtoMessage().Integer(3, 1)));
        yield return new(12, new ProtoMessage().Text(2, "*").Text(4, metric).Message(6, new ProtoMessage().Integer(1, 1).Integer(3, 1)));
    }

    public static WandbRecord Config(Values values) => new(5, Updates(values, nested: false));

    /// <summary>A row of the history; steps count the rows from 0.</summary>
    public static WandbRecord History(Values values, int step) =>
        new(2, Updates(values, nested: true).Message(2, step == 0 ? new ProtoMessage() : new ProtoMessage().Integer(1, (ulong)step)));

    public static WandbRecord Summary(Values values) => new(3, Updates(values, nested: true));

    /// <summary>The time that the run has taken, which the summary holds below <c>_wandb</c>.</summary>
    public static WandbRecord Runtime(int seconds) =>
        new(3, new ProtoMessage().Message(1, new ProtoMessage().Text(2, "_wandb").Text(2, "runtime").Text(16, FormattableString.Invariant($"{seconds}"))));

    /// <summary>Text of the standard error stream.</summary>
    public static WandbRecord Error(string text, DateTimeOffset time) => new(13, new ProtoMessage().Message(2, Time(time)).Text(3, text));

    /// <summary>The end of the run.</summary>
    public static WandbRecord Exit(int code, int seconds)
    {
        var exit = new ProtoMessage();
        if (code != 0)
            exit.Integer(1, (ulong)code);
        return new(18, seconds == 0 ? exit : exit.Integer(2, (ulong)seconds));
    }

    // The messages of config, summary and history have their items and the items their fields under the same numbers.
    private static ProtoMessage Updates(Values values, bool nested)
    {
        var updates = new ProtoMessage();
        foreach (var (name, json) in values)
            updates.Message(1, new ProtoMessage().Text(nested ? 2u : 1u, name).Text(16, json));
        return updates;
    }

    private static ProtoMessage Time(DateTimeOffset time)
    {
        var message = new ProtoMessage().Integer(1, (ulong)time.ToUnixTimeSeconds());
        var nanoseconds = (ulong)(time.Ticks % TimeSpan.TicksPerSecond * 100);
        return nanoseconds == 0 ? message : message.Integer(2, nanoseconds);
    }

    private static void Text(ProtoMessage message, uint field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            message.Text(field, text);
    }
}
