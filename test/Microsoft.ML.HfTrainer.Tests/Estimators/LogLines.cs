using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>What reaches <c>MLContext.Log</c>.</summary>
internal sealed class LogLines
{
    private readonly List<(ChannelMessageKind Kind, string Text)> _lines = [];
    private readonly HashSet<string> _sources = [];

    public LogLines(MLContext ml) => ml.Log += (_, line) =>
    {
        lock (_lines)
        {
            _lines.Add((line.Kind, line.RawMessage));
            if (line.Kind >= ChannelMessageKind.Info)
                _sources.Add(line.Source);
        }
    };

    public List<string> Warnings => Of(ChannelMessageKind.Warning);

    public List<string> Infos => Of(ChannelMessageKind.Info);

    /// <summary>The sources of infos, warnings and errors.</summary>
    public HashSet<string> Sources
    {
        get
        {
            lock (_lines)
                return [.. _sources];
        }
    }

    private List<string> Of(ChannelMessageKind kind)
    {
        lock (_lines)
            return [.. _lines.Where(line => line.Kind == kind).Select(line => line.Text)];
    }
}
