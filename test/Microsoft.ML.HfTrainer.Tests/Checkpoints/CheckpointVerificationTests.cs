using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointVerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Every_file_of_a_checkpoint_is_watched()
    {
        var checkpoint = Train();
        Assert.IsNull(CheckpointVerification.FindDamage(checkpoint));
        foreach (var file in Directory.GetFiles(checkpoint))
        {
            var (name, whole) = (Path.GetFileName(file), File.ReadAllBytes(file));
            foreach (var damaged in Damages(whole))
            {
                if (damaged is null)
                    File.Delete(file);
                else
                    File.WriteAllBytes(file, damaged);
                var damage = CheckpointVerification.FindDamage(checkpoint);
                Assert.IsNotNull(damage, name);
                if (name != CheckpointManifest.FileName)
                    StringAssert.Contains(damage, name);
            }
            File.WriteAllBytes(file, whole);
        }
        Assert.IsNull(CheckpointVerification.FindDamage(checkpoint));
    }

    [TestMethod]
    public void A_file_that_was_added_does_no_harm()
    {
        var checkpoint = Train();
        File.WriteAllText(Path.Combine(checkpoint, "notes.txt"), "the one for the demo");
        Assert.IsNull(CheckpointVerification.FindDamage(checkpoint));
    }

    [TestMethod]
    public void A_named_checkpoint_that_is_damaged_is_an_error_with_the_file()
    {
        var checkpoint = Train();
        File.WriteAllText(Path.Combine(checkpoint, "scheduler.json"), "{}");
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Checkpoint.Open(checkpoint)).Message;
        StringAssert.Contains(message, checkpoint);
        StringAssert.Contains(message, "scheduler.json");
        StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() => Checkpoint.Open(_folder["checkpoint-9"])).Message, _folder["checkpoint-9"]);
    }

    [TestMethod]
    [DataRow("model.safetensors")]
    [DataRow("optimizer.pt")]
    [DataRow("scheduler.pt")]
    [DataRow("rng_state.pth")]
    [DataRow("trainer_state.json")]
    [DataRow("config.json")]
    public void What_Python_wrote_is_checked_by_its_structure(string name)
    {
        var checkpoint = CopyOfPythons();
        Assert.IsNull(CheckpointVerification.FindDamage(checkpoint));
        var file = Path.Combine(checkpoint, name);
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length - 3; length += whole.Length / 7)
        {
            File.WriteAllBytes(file, whole[..length]);
            StringAssert.Contains(CheckpointVerification.FindDamage(checkpoint), name);
        }
    }

    [TestMethod]
    public void A_checkpoint_that_Python_was_still_writing_is_none()
    {
        var checkpoint = CopyOfPythons();
        File.WriteAllText(Path.Combine(checkpoint, "checkpoint-is-incomplete.txt"), "");
        StringAssert.Contains(CheckpointVerification.FindDamage(checkpoint), "checkpoint-is-incomplete.txt");
    }

    private static IEnumerable<byte[]?> Damages(byte[] whole)
    {
        yield return null;
        yield return whole[..^2];
        yield return [.. whole, 0];
        foreach (var place in new[] { 0, whole.Length / 2, whole.Length - 3 })
        {
            var flipped = whole.ToArray();
            flipped[place] ^= 1;
            yield return flipped;
        }
    }

    private string CopyOfPythons()
    {
        var source = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "trainer", "checkpoint", "checkpoint-8");
        var target = Directory.CreateDirectory(_folder["checkpoint-8"]).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file)), File.ReadAllBytes(file));
        return target;
    }

    private string Train()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments(_folder.Path) { MaxSteps = 1 }, TinyBert.Data(8), dataCollator: TinyBert.Collator);
        trainer.Train();
        return _folder["checkpoint-1"];
    }
}
