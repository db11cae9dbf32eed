using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTrainerCatalog
{
    /// <summary>Creates a <see cref="SequenceClassificationEstimator"/>, which fine-tunes a model to classify texts or pairs of texts that <c>TokenizeHf</c> has tokenized, or to predict numbers for them.</summary>
    /// <param name="options">The columns, the model, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public SequenceClassificationEstimator SequenceClassification(SequenceClassificationOptions options) =>
        new(MlHost.For(_mlContext, nameof(SequenceClassificationEstimator)), options);

    /// <summary>Creates a <see cref="SequenceClassificationEstimator"/>, which fine-tunes a model to classify texts or pairs of texts that <c>TokenizeHf</c> has tokenized, or to predict numbers for them.</summary>
    /// <param name="labelColumnName">The name of the label column: a key, a Boolean, a vector of Boolean or of Single 0 and 1, or a number (Single).</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted classes.</param>
    /// <param name="scoreColumnName">The name of the column of scores.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public SequenceClassificationEstimator SequenceClassification(
        string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        SequenceClassification(Short(new SequenceClassificationOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="TokenClassificationEstimator"/>, which fine-tunes a model to tag the words of texts or to find entities in them.</summary>
    /// <param name="options">The columns, the model, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public TokenClassificationEstimator TokenClassification(TokenClassificationOptions options) =>
        new(MlHost.For(_mlContext, nameof(TokenClassificationEstimator)), options);

    /// <summary>Creates a <see cref="TokenClassificationEstimator"/>, which fine-tunes a model to tag the words of texts.</summary>
    /// <param name="labelColumnName">The name of the label column, a vector of keys: the tag of each word.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted tags.</param>
    /// <param name="scoreColumnName">The name of the column of the probabilities of the predicted tags.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public TokenClassificationEstimator TokenClassification(
        string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        TokenClassification(Short(new TokenClassificationOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="QuestionAnsweringEstimator"/>, which fine-tunes a model to find the answer to a question in a text.</summary>
    /// <param name="options">The columns, the model, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public QuestionAnsweringEstimator QuestionAnswering(QuestionAnsweringOptions options) =>
        new(MlHost.For(_mlContext, nameof(QuestionAnsweringEstimator)), options);

    /// <summary>Creates a <see cref="QuestionAnsweringEstimator"/>, which fine-tunes a model to find the answer to a question in a text.</summary>
    /// <param name="answerColumnName">The name of the column of answers.</param>
    /// <param name="answerIndexColumnName">The name of the column of the start of the answer in the context, in UTF-16 code units.</param>
    /// <param name="predictedAnswerColumnName">The name of the column of predicted answers, vectors of text.</param>
    /// <param name="scoreColumnName">The name of the column of the probabilities of the answers.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public QuestionAnsweringEstimator QuestionAnswering(
        string answerColumnName = "Answer", string answerIndexColumnName = "AnswerIndex", string predictedAnswerColumnName = "PredictedAnswer", string scoreColumnName = "Score",
        string? model = null, int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        QuestionAnswering(Short(new QuestionAnsweringOptions
        {
            AnswerColumnName = answerColumnName,
            AnswerIndexColumnName = answerIndexColumnName,
            PredictedAnswerColumnName = predictedAnswerColumnName,
            ScoreColumnName = scoreColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="MultipleChoiceEstimator"/>, which fine-tunes a model to choose among several answers to a question.</summary>
    /// <param name="options">The columns, the model, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public MultipleChoiceEstimator MultipleChoice(MultipleChoiceOptions options) => new(MlHost.For(_mlContext, nameof(MultipleChoiceEstimator)), options);

    /// <summary>Creates a <see cref="MultipleChoiceEstimator"/>, which fine-tunes a model to choose among several answers to a question.</summary>
    /// <param name="labelColumnName">The name of the label column: the index of the right choice, from 0 (Int32), or a key whose first value stands for the first choice.</param>
    /// <param name="predictedLabelColumnName">The name of the column of the predicted choice.</param>
    /// <param name="scoreColumnName">The name of the column of the probabilities of the choices.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public MultipleChoiceEstimator MultipleChoice(
        string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        MultipleChoice(Short(new MultipleChoiceOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="SentenceEmbeddingEstimator"/>, which fine-tunes a model to compute embeddings of texts.</summary>
    /// <param name="options">The columns, the loss, the model, the validation set, the training arguments and so on.</param>
    /// <exception cref="ArgumentException">The loss does not fit the columns, or an option is out of range.</exception>
    public SentenceEmbeddingEstimator SentenceEmbedding(SentenceEmbeddingOptions options) =>
        new(MlHost.For(_mlContext, nameof(SentenceEmbeddingEstimator)), options, trains: true);

    /// <summary>Creates a <see cref="SentenceEmbeddingEstimator"/>, which fine-tunes a model to compute embeddings of texts, from pairs of texts.</summary>
    /// <param name="pairedTextColumnName">The name of the column of second texts. The first ones are those that <c>TokenizeHf</c> tokenizes.</param>
    /// <param name="labelColumnName">The name of the column of the scores of the pairs, from -1 to 1. If null, the two texts of a row belong together, and texts of different rows do not.</param>
    /// <param name="embeddingColumnName">The name of the column of embeddings.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public SentenceEmbeddingEstimator SentenceEmbedding(
        string pairedTextColumnName = "PairedText", string? labelColumnName = null, string embeddingColumnName = "Embedding", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        SentenceEmbedding(Short(new SentenceEmbeddingOptions
        {
            PairedTextColumnNames = { pairedTextColumnName },
            LabelColumnName = labelColumnName,
            EmbeddingColumnName = embeddingColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="SentenceEmbeddingEstimator"/> that uses a pretrained model as it is. Its <c>Fit</c> reads no rows, and options of training have no effect.</summary>
    /// <param name="options">The column, the model, pooling, normalization and so on. If null, the embeddings of the model that the tokenizer of <c>TokenizeHf</c> belongs to become the column <c>Embedding</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public SentenceEmbeddingEstimator PretrainedSentenceEmbedding(SentenceEmbeddingOptions? options = null) =>
        new(MlHost.For(_mlContext, nameof(SentenceEmbeddingEstimator)), options ?? new(), trains: false);

    /// <summary>Creates a <see cref="SentenceSimilarityEstimator"/>, which fine-tunes a model to tell how similar two texts are.</summary>
    /// <param name="options">The columns, the loss, the model, the validation set, the training arguments and so on.</param>
    /// <exception cref="ArgumentException">The loss does not fit the columns, or an option is out of range.</exception>
    public SentenceSimilarityEstimator SentenceSimilarity(SentenceSimilarityOptions options) =>
        new(MlHost.For(_mlContext, nameof(SentenceSimilarityEstimator)), options, trains: true);

    /// <summary>Creates a <see cref="SentenceSimilarityEstimator"/>, which fine-tunes a model to tell how similar two texts are, after <c>TokenizeHfPair</c>.</summary>
    /// <param name="labelColumnName">The name of the column of scores, from -1 to 1.</param>
    /// <param name="scoreColumnName">The name of the column of predicted scores.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public SentenceSimilarityEstimator SentenceSimilarity(
        string labelColumnName = "Label", string scoreColumnName = "Score", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        SentenceSimilarity(Short(new SentenceSimilarityOptions
        {
            LabelColumnName = labelColumnName,
            ScoreColumnName = scoreColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="SentenceSimilarityEstimator"/> that uses a pretrained model as it is. Its <c>Fit</c> reads no rows, and options of training have no effect.</summary>
    /// <param name="options">The columns, the model, pooling and so on. If null, the cosines of the embeddings of the model that the tokenizer of <c>TokenizeHfPair</c> belongs to become the column <c>Score</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public SentenceSimilarityEstimator PretrainedSentenceSimilarity(SentenceSimilarityOptions? options = null) =>
        new(MlHost.For(_mlContext, nameof(SentenceSimilarityEstimator)), options ?? new(), trains: false);

    /// <summary>Creates a <see cref="Seq2SeqEstimator"/>, which fine-tunes an encoder-decoder to generate a target text for a source text: translation, summarization, rewriting.</summary>
    /// <param name="options">The columns, the model, the generation settings, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public Seq2SeqEstimator Seq2Seq(Seq2SeqOptions options) => new(MlHost.For(_mlContext, nameof(Seq2SeqEstimator)), options);

    /// <summary>Creates a <see cref="Seq2SeqEstimator"/>, which fine-tunes an encoder-decoder to generate a target text for a source text: translation, summarization, rewriting.</summary>
    /// <param name="targetColumnName">The name of the column of target texts.</param>
    /// <param name="generatedTextColumnName">The name of the column of generated texts.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public Seq2SeqEstimator Seq2Seq(
        string targetColumnName = "Target", string generatedTextColumnName = "GeneratedText", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        Seq2Seq(Short(new Seq2SeqOptions
        {
            TargetColumnName = targetColumnName,
            GeneratedTextColumnName = generatedTextColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="CausalLMEstimator"/>, which fine-tunes a causal language model on texts, on prompts with completions, or on chats.</summary>
    /// <param name="options">The columns, the model, the generation settings, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public CausalLMEstimator CausalLM(CausalLMOptions options) => new(MlHost.For(_mlContext, nameof(CausalLMEstimator)), options);

    /// <summary>Creates a <see cref="CausalLMEstimator"/>, which fine-tunes a causal language model on texts, on prompts with completions, or on chats.</summary>
    /// <param name="completionColumnName">The name of the column of completions, if the texts that <c>TokenizeHf</c> tokenizes are prompts; null to learn whole texts, or chats.</param>
    /// <param name="generatedTextColumnName">The name of the column of continuations.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public CausalLMEstimator CausalLM(
        string? completionColumnName = null, string generatedTextColumnName = "GeneratedText", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        CausalLM(Short(new CausalLMOptions
        {
            CompletionColumnName = completionColumnName,
            GeneratedTextColumnName = generatedTextColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Creates a <see cref="MaskedLMEstimator"/>, which trains an encoder to fill in masked tokens and so adapts it to the texts of a domain.</summary>
    /// <param name="options">The columns, the model, the masking, the validation set, the training arguments, the callbacks and so on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict each other.</exception>
    public MaskedLMEstimator MaskedLM(MaskedLMOptions options) => new(MlHost.For(_mlContext, nameof(MaskedLMEstimator)), options);

    /// <summary>Creates a <see cref="MaskedLMEstimator"/>, which trains an encoder to fill in masked tokens and so adapts it to the texts of a domain.</summary>
    /// <param name="filledTextColumnName">The name of the column of the texts whose masks are filled in.</param>
    /// <param name="predictedTokenColumnName">The name of the column of the most probable tokens, vectors of text.</param>
    /// <param name="scoreColumnName">The name of the column of the probabilities of these tokens.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model that the tokenizer of <c>TokenizeHf</c> belongs to.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch; null for no evaluation.</param>
    public MaskedLMEstimator MaskedLM(
        string filledTextColumnName = "FilledText", string predictedTokenColumnName = "PredictedToken", string scoreColumnName = "Score", string? model = null,
        int batchSize = 8, int maxEpochs = 3, double learningRate = 5e-5, IDataView? validationSet = null) =>
        MaskedLM(Short(new MaskedLMOptions
        {
            FilledTextColumnName = filledTextColumnName,
            PredictedTokenColumnName = predictedTokenColumnName,
            ScoreColumnName = scoreColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet, model));

    /// <summary>Sets what the overloads without options take besides names of columns. If there is a validation set, it is evaluated after each epoch.</summary>
    internal static TOptions Short<TOptions>(TOptions options, int batchSize, int maxEpochs, double learningRate, IDataView? validationSet, string? model = null) where TOptions : HfTrainerOptions
    {
        (options.Model, options.ValidationSet) = (model, validationSet);
        options.Arguments = new()
        {
            PerDeviceTrainBatchSize = batchSize,
            NumTrainEpochs = maxEpochs,
            LearningRate = learningRate,
            EvalStrategy = validationSet is null ? IntervalStrategy.No : IntervalStrategy.Epoch,
        };
        return options;
    }
}
