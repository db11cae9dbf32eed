namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Loading;

[TestClass]
public class TokenizerFilesTests
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TestCleanup]
    public void DeleteFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, true);
    }

    [TestMethod]
    public void A_saved_tokenizer_is_the_same_tokenizer()
    {
        var tokenizer = TinyTokenizer.Load();
        tokenizer.SavePretrained(_folder);
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{}");
        var loaded = HfTokenizer.FromPretrained(_folder);
        Assert.AreEqual(tokenizer.Identity, loaded.Identity);
        Assert.AreEqual(16, loaded.Identity.Length);
        Assert.AreEqual((_folder, Path.GetFileName(_folder)), (loaded.Folder, loaded.Name));
        CollectionAssert.AreEqual(new[] { "tokenizer.json", "tokenizer_config.json" }, loaded.Files.Keys.Order(StringComparer.Ordinal).ToArray());
        CollectionAssert.AreEqual(tokenizer.Files["tokenizer.json"], loaded.Files["tokenizer.json"]);
        Assert.IsNull(tokenizer.Folder);
    }

    [TestMethod]
    public void Different_contents_have_different_identities() =>
        Assert.AreNotEqual(TinyTokenizer.Load().Identity, TinyTokenizer.Load(configuration: """{ "model_max_length": 9 }""").Identity);

    [TestMethod]
    public void A_name_that_is_not_a_folder_is_looked_up_on_the_hub() => Assert.Contains(
        "HF_HUB_OFFLINE is set", Assert.ThrowsExactly<HubException>(() => HfTokenizer.FromPretrained("distilbert-base-uncased")).Message);

    [TestMethod]
    public void A_folder_without_a_tokenizer_is_refused_with_the_required_files()
    {
        Directory.CreateDirectory(_folder);
        Assert.Contains("no tokenizer.json", Assert.ThrowsExactly<FileNotFoundException>(() => HfTokenizer.FromPretrained(_folder)).Message);
        var file = Path.Combine(_folder, "tokenizer.json");
        File.WriteAllText(file, "{}");
        Assert.Contains("pass the folder", Assert.ThrowsExactly<DirectoryNotFoundException>(() => HfTokenizer.FromPretrained(file)).Message);
    }

    [TestMethod]
    public void Files_from_memory_cannot_be_saved_elsewhere() =>
        Assert.ThrowsExactly<ArgumentException>(() => HfTokenizer.FromFiles("tiny", new Dictionary<string, byte[]> { ["../vocab.txt"] = [] }));

    [TestMethod]
    public void Byte_order_marks_and_windows_line_ends_are_accepted()
    {
        var files = TinyTokenizer.TextFiles("\uFEFF" + TinyTokenizer.Vocabulary.Replace("\n", "\r\n"));
        CollectionAssert.AreEqual(new[] { 2, 6, 3 }, HfTokenizer.FromFiles("tiny", files).Encode("sea").Ids);
    }
}
