using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Reporting.TensorBoard;

/// <summary>Creates the events of an event file, with the field numbers of TensorBoard's <c>event.proto</c> and <c>summary.proto</c>.</summary>
internal static class EventMessage
{
    private const ulong StringType = 7, SessionStart = 1;

    /// <summary>Creates the first event of a file.</summary>
    public static ProtoMessage Version() => Event(null).Text(3, "brain.Event:2").Message(10, new ProtoMessage().Text(1, "Microsoft.ML.HfTrainer"));

    /// <summary>Creates the event of a run that restarts at a step: events of the other files in the folder are void from that step on.</summary>
    public static ProtoMessage Restart(int step) => Event(step).Message(7, new ProtoMessage().Integer(1, SessionStart));

    public static ProtoMessage Scalar(string tag, double value, int step) => Summary(step, new ProtoMessage().Text(1, tag).Single(2, (float)value));

    /// <summary>Creates a text, a tensor of one string, that TensorBoard's text plugin shows.</summary>
    public static ProtoMessage Text(string tag, string text)
    {
        var shape = new ProtoMessage().Message(2, new ProtoMessage().Integer(1, 1));
        var tensor = new ProtoMessage().Integer(1, StringType).Message(2, shape).Text(8, text);
        var plugin = new ProtoMessage().Message(1, new ProtoMessage().Text(1, "text"));
        return Summary(null, new ProtoMessage().Text(1, tag + "/text_summary").Message(8, tensor).Message(9, plugin));
    }

    private static ProtoMessage Summary(int? step, ProtoMessage value) => Event(step).Message(5, new ProtoMessage().Message(1, value));

    // In this encoding, fields of value 0 are omitted.
    private static ProtoMessage Event(int? step)
    {
        var message = new ProtoMessage().Double(1, (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds);
        return step is > 0 and var number ? message.Integer(2, (ulong)number) : message;
    }
}
