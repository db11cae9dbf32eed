using System.Buffers.Text;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Loads a model and says how much anonymous memory the process has before, at the most meanwhile, and after, in bytes: pages of mapped files are none of it.</summary>
internal static class LoadedMemory
{
    public static int Measure(string folder)
    {
        using (torch.zeros(1))
        {
        }
        using var status = File.OpenRead("/proc/self/status");
        var (before, peak, ended) = (Anonymous(status), 0L, false);
        var watch = new Thread(() =>
        {
            using var own = File.OpenRead("/proc/self/status");
            while (!Volatile.Read(ref ended))
                peak = Math.Max(peak, Anonymous(own));
        });
        watch.Start();
        using var model = AutoModel.FromPretrained(folder);
        Volatile.Write(ref ended, true);
        watch.Join();
        var after = Anonymous(status);
        Teller.Say($"before {before}");
        // On a busy machine the watch may have slept through the end.
        Teller.Say($"peak {Math.Max(peak, after)}");
        Teller.Say($"after {after}");
        Teller.Say($"weights {model.parameters().Sum(p => p.numel() * p.ElementSize)}");
        return 0;
    }

    private static long Anonymous(FileStream status)
    {
        Span<byte> text = stackalloc byte[4096];
        status.Position = 0;
        text = text[..status.Read(text)];
        var line = text[(text.IndexOf("RssAnon:"u8) + "RssAnon:".Length)..].TrimStart(" \t"u8);
        return Utf8Parser.TryParse(line, out long kilobytes, out _) ? kilobytes * 1024 : throw new InvalidDataException("/proc/self/status has no RssAnon.");
    }
}
