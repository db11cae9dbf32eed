using Microsoft.ML.HfTrainer.Cli;
using Microsoft.ML.HfTrainer.Native;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(config =>
{
    config.SetApplicationName("hftrainer");
    config.SetApplicationVersion(TorchLibrary.VersionOf(typeof(InfoCommand).Assembly));
    config.UseStrictParsing();
    config.AddCommand<InfoCommand>(InfoCommand.Name).WithDescription(InfoCommand.Description);
    config.AddCommand<LaunchCommand>(LaunchCommand.Name).WithDescription(LaunchCommand.Description);
    config.SetExceptionHandler((exception, _) => Report(exception));
});
if (UnknownCommand.In(args, [InfoCommand.Name, LaunchCommand.Name]) is { } message)
{
    Console.Error.WriteLine(message);
    return ExitCode.Usage;
}
return await app.RunAsync(Dashed(args));

// Options are also written with underscores, as in Python; what follows '--' belongs to another program.
static IEnumerable<string> Dashed(string[] args)
{
    var own = args.TakeWhile(arg => arg != "--").Count();
    return args.Select((arg, i) => i < own && arg.Split('=')[0] is var name && name.StartsWith("--", StringComparison.Ordinal) ? name.Replace('_', '-') + arg[name.Length..] : arg);
}

static int Report(Exception exception)
{
    Console.Error.WriteLine($"hftrainer: {exception.Message}");
    return exception is CommandAppException ? ExitCode.Usage : ExitCode.Failure;
}
