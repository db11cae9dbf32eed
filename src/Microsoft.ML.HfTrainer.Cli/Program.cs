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
    config.SetExceptionHandler((exception, _) => Report(exception));
});
if (UnknownCommand.In(args, [InfoCommand.Name]) is { } message)
{
    Console.Error.WriteLine(message);
    return ExitCode.Usage;
}
return await app.RunAsync(args);

static int Report(Exception exception)
{
    Console.Error.WriteLine($"hftrainer: {exception.Message}");
    return exception is CommandAppException ? ExitCode.Usage : ExitCode.Failure;
}
