using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>The columns of a dataset that a model keeps: the parameters of the forward function of Hugging Face Transformers 5.24 that it reads.</summary>
[TestClass]
public sealed class InputNamesTests
{
    [TestMethod]
    [DataRow("albert", "position_ids token_type_ids")]
    [DataRow("bert", "position_ids token_type_ids")]
    [DataRow("camembert", "position_ids token_type_ids")]
    [DataRow("electra", "position_ids token_type_ids")]
    [DataRow("roberta", "position_ids token_type_ids")]
    [DataRow("xlm-roberta", "position_ids token_type_ids")]
    [DataRow("gpt2", "position_ids token_type_ids")]
    [DataRow("distilbert", "position_ids")]
    [DataRow("mpnet", "position_ids")]
    [DataRow("modernbert", "position_ids")]
    [DataRow("gpt_neox", "position_ids")]
    [DataRow("opt", "position_ids")]
    [DataRow("llama", "position_ids")]
    [DataRow("mistral", "position_ids")]
    [DataRow("qwen2", "position_ids")]
    [DataRow("qwen3", "position_ids")]
    [DataRow("phi3", "position_ids")]
    [DataRow("gemma2", "position_ids")]
    [DataRow("gemma3_text", "position_ids")]
    [DataRow("bart", "decoder_attention_mask decoder_input_ids")]
    [DataRow("t5", "decoder_attention_mask decoder_input_ids")]
    public void A_model_keeps_what_it_reads(string modelType, string beyondTokens)
    {
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, modelType, ModelHead.Base);
        using var model = GoldenModel.Open(folder.Path, ModelHead.Base, default);
        Assert.AreEqual(beyondTokens, string.Join(' ', model.InputNames.Except(["input_ids", "attention_mask", .. model.LabelNames]).Order(StringComparer.Ordinal)));
    }
}
