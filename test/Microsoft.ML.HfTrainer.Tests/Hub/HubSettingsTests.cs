using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

[TestClass]
public sealed class HubSettingsTests
{
    private static readonly string _home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void CleanUp() => _folder.Dispose();

    [TestMethod]
    public void WhereNothingIsSet()
    {
        var settings = Read();
        Assert.AreEqual("https://huggingface.co/", settings.Endpoint.ToString());
        Assert.AreEqual(Path.Combine(_home, ".cache", "huggingface", "hub"), settings.CacheDir);
        Assert.AreEqual((false, true, true), (settings.Offline, settings.Links, settings.ShowProgress));
        Assert.AreEqual(TimeSpan.FromSeconds(10), settings.MetadataTimeout);
    }

    [TestMethod]
    public void TheCacheIsWherePythonHasIt()
    {
        Assert.AreEqual(Path.GetFullPath("/x/huggingface/hub"), Read(("XDG_CACHE_HOME", "/x")).CacheDir);
        Assert.AreEqual(Path.GetFullPath("/h/hub"), Read(("XDG_CACHE_HOME", "/x"), ("HF_HOME", "/h")).CacheDir);
        Assert.AreEqual(Path.GetFullPath("/old"), Read(("HF_HOME", "/h"), ("HUGGINGFACE_HUB_CACHE", "/old")).CacheDir);
        Assert.AreEqual(Path.GetFullPath("/c"), Read(("HF_HUB_CACHE", "/c"), ("HF_HOME", "/h"), ("HUGGINGFACE_HUB_CACHE", "/old")).CacheDir);
        Assert.AreEqual(Path.Combine(_home, "models"), Read(("HF_HUB_CACHE", "~/models")).CacheDir);
        Assert.AreEqual(Path.GetFullPath("/disk/cache"), Read(("HF_HUB_CACHE", "$DISK/${KIND}"), ("DISK", "/disk"), ("KIND", "cache")).CacheDir);
    }

    [TestMethod]
    public void TheTokenIsTheVariablesElseTheLogins()
    {
        File.WriteAllText(_folder["token"], "hf_login\n");
        Assert.AreEqual("hf_login", Read(("HF_HOME", _folder.Path)).Token);
        Assert.AreEqual("hf_login", Read(("HF_HOME", "/nowhere"), ("HF_TOKEN_PATH", _folder["token"])).Token);
        Assert.AreEqual("hf_old", Read(("HF_HOME", _folder.Path), ("HUGGING_FACE_HUB_TOKEN", "hf_old")).Token);
        Assert.AreEqual("hf_new", Read(("HF_HOME", _folder.Path), ("HUGGING_FACE_HUB_TOKEN", "hf_old"), ("HF_TOKEN", " hf_new\n")).Token);
        Assert.IsNull(Read(("HF_TOKEN", "hf_new"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.IsNull(Read(("HF_HOME", "/nowhere")).Token);
    }

    [TestMethod]
    [DataRow("1", true)]
    [DataRow("yes", true)]
    [DataRow("On", true)]
    [DataRow("TRUE", true)]
    [DataRow("0", false)]
    [DataRow("", false)]
    public void Switches(string value, bool on)
    {
        Assert.AreEqual(on, Read(("HF_HUB_OFFLINE", value)).Offline);
        Assert.AreEqual(on, Read(("TRANSFORMERS_OFFLINE", value)).Offline);
        Assert.AreEqual(!on, Read(("HF_HUB_DISABLE_SYMLINKS", value)).Links);
        Assert.AreEqual(!on, Read(("HF_HUB_DISABLE_PROGRESS_BARS", value)).ShowProgress);
    }

    [TestMethod]
    public void AnotherHubAndOtherTimes()
    {
        var settings = Read(("HF_ENDPOINT", "http://mirror.local:8080/hf/"), ("HF_HUB_ETAG_TIMEOUT", "3"), ("HF_HUB_DOWNLOAD_TIMEOUT", "60"));
        Assert.AreEqual("http://mirror.local:8080/hf", settings.Endpoint.ToString());
        Assert.AreEqual((3, 60), (settings.MetadataTimeout.TotalSeconds, settings.DownloadTimeout.TotalSeconds));
    }

    [TestMethod]
    [DataRow("HF_ENDPOINT", "mirror")]
    [DataRow("HF_ENDPOINT", "ftp://mirror")]
    [DataRow("HF_HUB_ETAG_TIMEOUT", "soon")]
    [DataRow("HF_HUB_DOWNLOAD_TIMEOUT", "0")]
    public void AValueThatCannotBeUsedIsNamed(string name, string value)
    {
        var failure = Assert.ThrowsExactly<ArgumentException>(() => Read((name, value)));
        Assert.Contains(name, failure.Message);
        Assert.Contains($"'{value}'", failure.Message);
    }

    private static HubSettings Read(params (string Name, string Value)[] variables) => HubSettings.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
