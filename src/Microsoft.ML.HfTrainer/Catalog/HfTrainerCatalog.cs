using Microsoft.ML.HfTrainer.Estimators.Evaluation;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

/// <summary>The catalog of trainers of Hugging Face models, <c>mlContext.HfTrainer</c>.</summary>
public sealed class HfTrainerCatalog
{
    private readonly MLContext _mlContext;

    private HfTrainerCatalog(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>Returns the catalog of a context, for languages without extension properties.</summary>
    /// <param name="mlContext">The context.</param>
    public static HfTrainerCatalog Of(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new HfTrainerCatalog(mlContext);
    }

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
        SequenceClassification(new SequenceClassificationOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        TokenClassification(new TokenClassificationOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        QuestionAnswering(new QuestionAnsweringOptions
        {
            AnswerColumnName = answerColumnName,
            AnswerIndexColumnName = answerIndexColumnName,
            PredictedAnswerColumnName = predictedAnswerColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        MultipleChoice(new MultipleChoiceOptions
        {
            LabelColumnName = labelColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

    /// <summary>Evaluates the tags of words, or the named entities, that a <see cref="TokenClassificationTransformer"/> has predicted.</summary>
    /// <param name="data">The data, with labels and predictions.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of keys or text: the tag of each word, or the type of each entity. A missing tag counts as <c>O</c>.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted tags, a vector of keys or text. It is not read if the labels are types of entities.</param>
    /// <param name="entityStartColumnName">If the labels are types of entities, the name of the column of their starts, a vector of Int32; null if the labels are tags of words.</param>
    /// <param name="entityEndColumnName">If the labels are types of entities, the name of the column of their ends (exclusive), a vector of Int32; null if the labels are tags of words.</param>
    /// <param name="entityColumnPrefix">The prefix of the names of the columns of predicted entities, <see cref="TokenClassificationOptions.EntityColumnPrefix"/>.</param>
    /// <exception cref="ArgumentException">Only one of <paramref name="entityStartColumnName"/> and <paramref name="entityEndColumnName"/> is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">The vectors of a row have different numbers of values.</exception>
    public TokenClassificationMetrics EvaluateTokenClassification(
        IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel", string? entityStartColumnName = null,
        string? entityEndColumnName = null, string entityColumnPrefix = "Entity") => (entityStartColumnName, entityEndColumnName) switch
        {
            (null, null) => TaskEvaluation.Words(Evaluated(data), labelColumnName, predictedLabelColumnName),
            ({ } start, { } end) => TaskEvaluation.Entities(Evaluated(data), labelColumnName, start, end, entityColumnPrefix),
            _ => throw new ArgumentException("Only one of entityStartColumnName and entityEndColumnName is given; give both for labels of entities, none for labels of words."),
        };

    /// <summary>Evaluates predictions of several classes at once, such as those of a <see cref="SequenceClassificationTransformer"/>.</summary>
    /// <param name="data">The data, with labels and predictions.</param>
    /// <param name="labelColumnName">The name of the label column: vectors of Boolean, or of Single 0 and 1.</param>
    /// <param name="predictedLabelColumnName">The name of the column of predicted labels: vectors of Boolean, or of Single 0 and 1, of the same size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">A row has different numbers of labels and predictions, or a value is neither 0 nor 1.</exception>
    public MultiLabelMetrics EvaluateMultiLabel(IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel") =>
        TaskEvaluation.Decisions(Evaluated(data), labelColumnName, predictedLabelColumnName);

    /// <summary>Evaluates answers to questions, such as those of a <see cref="QuestionAnsweringTransformer"/>.</summary>
    /// <param name="data">The data, with right and predicted answers.</param>
    /// <param name="answerColumnName">The name of the column of right answers: text, or a vector of text if there are several right answers. An empty text or vector means that there is no answer.</param>
    /// <param name="predictedAnswerColumnName">The name of the column of predicted answers: text, or a vector of text with the best answer first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public QuestionAnsweringMetrics EvaluateQuestionAnswering(IDataView data, string answerColumnName = "Answer", string predictedAnswerColumnName = "PredictedAnswer") =>
        TaskEvaluation.Answers(Evaluated(data), answerColumnName, predictedAnswerColumnName);

    /// <summary>Evaluates generated texts, such as those of a <see cref="Seq2SeqTransformer"/>.</summary>
    /// <param name="data">The data, with target texts and generated ones.</param>
    /// <param name="targetColumnName">The name of the column of targets: text, or a vector of text if there are several right ones.</param>
    /// <param name="generatedTextColumnName">The name of the column of generated texts: text, or a vector of text with the best one first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">A row has no target text.</exception>
    public TextGenerationMetrics EvaluateTextGeneration(IDataView data, string targetColumnName = "Target", string generatedTextColumnName = "GeneratedText") =>
        TaskEvaluation.Texts(Evaluated(data), targetColumnName, generatedTextColumnName);

    /// <summary>Evaluates the scores of pairs of texts, such as those of a <see cref="SentenceSimilarityTransformer"/>, by their correlation with the labels.</summary>
    /// <param name="data">The data, with labels and scores.</param>
    /// <param name="labelColumnName">The name of the column of labels: numbers, or Booleans.</param>
    /// <param name="scoreColumnName">The name of the column of scores.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SentenceSimilarityMetrics EvaluateSentenceSimilarity(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score") =>
        TaskEvaluation.Scores(Evaluated(data), labelColumnName, scoreColumnName);

    private EvaluatedRows Evaluated(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(new RowSource(MlHost.For(_mlContext, "Evaluate")), data);
    }

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
        SentenceEmbedding(new SentenceEmbeddingOptions
        {
            PairedTextColumnNames = { pairedTextColumnName },
            LabelColumnName = labelColumnName,
            EmbeddingColumnName = embeddingColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        SentenceSimilarity(new SentenceSimilarityOptions
        {
            LabelColumnName = labelColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        Seq2Seq(new Seq2SeqOptions
        {
            TargetColumnName = targetColumnName,
            GeneratedTextColumnName = generatedTextColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        CausalLM(new CausalLMOptions
        {
            CompletionColumnName = completionColumnName,
            GeneratedTextColumnName = generatedTextColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

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
        MaskedLM(new MaskedLMOptions
        {
            FilledTextColumnName = filledTextColumnName,
            PredictedTokenColumnName = predictedTokenColumnName,
            ScoreColumnName = scoreColumnName,
            Model = model,
            ValidationSet = validationSet,
            Arguments = ArgumentsOf(batchSize, maxEpochs, learningRate, validationSet),
        });

    /// <summary>The arguments of the overloads without options, which evaluate after each epoch if there is a validation set.</summary>
    internal static TrainingArguments ArgumentsOf(int batchSize, int maxEpochs, double learningRate, IDataView? validationSet) => new()
    {
        PerDeviceTrainBatchSize = batchSize,
        NumTrainEpochs = maxEpochs,
        LearningRate = learningRate,
        EvalStrategy = validationSet is null ? IntervalStrategy.No : IntervalStrategy.Epoch,
    };

    /// <summary>Creates an engine that predicts single examples for many concurrent callers in batches.</summary>
    /// <typeparam name="TSrc">The class of examples.</typeparam>
    /// <typeparam name="TDst">The class of predictions.</typeparam>
    /// <param name="model">The model. It is not disposed with the engine unless <see cref="BatchPredictionOptions.OwnsTransformer"/> is set.</param>
    /// <param name="options">The size of batches and of the queue; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or <typeparamref name="TSrc"/> lacks a column that the model needs, or has it with another type.</exception>
    public BatchPredictionEngine<TSrc, TDst> CreateBatchPredictionEngine<TSrc, TDst>(ITransformer model, BatchPredictionOptions? options = null)
        where TSrc : class where TDst : class, new() => new(_mlContext, model, options ?? new());

    /// <summary>Loads a model that <c>mlContext.Model.Save</c> has written, as <c>mlContext.Model.Load</c> does. If the file is damaged, for example because it was copied only in part, the message of the exception names it.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The columns of the data that the model was trained on; null if they were not saved.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or is not a model that ML.NET has saved.</exception>
    public ITransformer LoadModel(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        try
        {
            return _mlContext.Model.Load(filePath, out inputSchema);
        }
        catch (Exception failure) when (failure is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new InvalidDataException($"{Path.GetFullPath(filePath)}: the file, of {new FileInfo(filePath).Length:N0} bytes, is damaged or not a model that ML.NET has saved: {failure.Message.TrimEnd('.')}. Copy or save it again.", failure);
        }
    }
}
