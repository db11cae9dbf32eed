namespace Microsoft.ML.HfTrainer.Reporting.TensorBoard;

/// <summary>The events that an event file holds, as TensorBoard's <c>event.proto</c> and <c>summary.proto</c> number their fields.</summary>
internal static class EventMessage
{
    private const ulong StringType = 7, SessionStart = 1;

    /// <summary>The first event of a file.</summary>
    public static ProtoMessage Version() => Event(null).Text(3, "brain.Event:2").Message(10, new ProtoMessage().Text(1, "Microsoft.ML.HfTrainer"));

    /// <summary>A run begins anew at a step: what the folder's other files hold from that step on no longer counts.</summary>
    public static ProtoMessage Restart(int step) => Event(step).Message(7, new ProtoMessage().Integer(1, SessionStart));

    public static ProtoMessage Scalar(string tag, double value, int step) => Summary(step, new ProtoMessage().Text(1, tag).Single(2, (float)value));

    /// <summary>A text, shown by TensorBoard's plugin for texts: a tensor of one string.</summary>
    public static ProtoMessage Text(string tag, string text)
    {
        var shape = new ProtoMessage().Message(2, new ProtoMessage().Integer(1, 1));
        var tensor = new ProtoMessage().Integer(1, StringType).Message(2, shape).Text(8, text);
        var plugin = new ProtoMessage().Message(1, new ProtoMessage().Text(1, "text"));
        return Summary(null, new ProtoMessage().Text(1, tag + "/text_summary").Message(8, tensor).Message(9, plugin));
    }

    private static ProtoMessage Summary(int? step, ProtoMessage value) => Event(step).Message(5, new ProtoMessage().Message(1, value));

    // A field that is 0 is left out, as the encoding has it.
    private static ProtoMessage Event(int? step)
    {
        var message = new ProtoMessage().Double(1, (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds);
        return step is > 0 and var number ? message.Integer(2, (ulong)number) : message;
    }
}
