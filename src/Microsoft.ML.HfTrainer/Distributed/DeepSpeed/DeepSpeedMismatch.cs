namespace Microsoft.ML.HfTrainer.Distributed.DeepSpeed;

/// <summary>A value of a DeepSpeed configuration that contradicts the training arguments.</summary>
/// <param name="Key">The key of the configuration, with its sections, such as <c>optimizer.params.lr</c>.</param>
/// <param name="Found">The value of the configuration, as JSON.</param>
/// <param name="Argument">The training argument, or what is computed from several.</param>
/// <param name="Expected">The value of the argument, as JSON.</param>
internal sealed record DeepSpeedMismatch(string Key, string Found, string Argument, string Expected)
{
    public override string ToString() => $"{Key} is {Found}, but {Argument} is {Expected}";
}
