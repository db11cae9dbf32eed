using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;
using Microsoft.ML.HfTrainer.Estimators.Classification;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML;

/// <summary>The extensions of Microsoft.ML.HfTrainer on <see cref="MLContext"/> and its catalogs.</summary>
public static class HfTrainerExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>Gets the catalog of trainers of Hugging Face models. Languages without extension properties call <see cref="HfTrainerCatalog.Of"/>.</summary>
        public HfTrainerCatalog HfTrainer => HfTrainerCatalog.Of(mlContext);
    }

    /// <summary>
    /// Creates a <see cref="TokenizeHfEstimator"/>, which tokenizes text for a Hugging Face model into the columns <c>InputIds</c>, <c>AttentionMask</c> and, if the model takes
    /// it, <c>TokenTypeIds</c>.
    /// </summary>
    /// <param name="catalog">The catalog of text transforms.</param>
    /// <param name="textColumnName">The name of the column of texts, or of the first texts of pairs. Vectors of text are texts that are already split into words.</param>
    /// <param name="pairColumnName">The name of the column of second texts; null for single texts.</param>
    /// <param name="model">
    /// The folder of a model or a tokenizer, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM, which the application has to
    /// reference.
    /// </param>
    /// <param name="maxLength">
    /// The maximum sequence length in tokens, special tokens included. If null, the tokenizer's <c>model_max_length</c>, but at most the number of positions of the model.
    /// </param>
    /// <param name="hub">The revision, the token and the cache for a model from the hub. If null, the settings of the environment.</param>
    /// <exception cref="DirectoryNotFoundException">The model is neither a folder nor an id on the hub.</exception>
    /// <exception cref="HubException">The model cannot be downloaded.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer, or no model is named and the package is not referenced.</exception>
    /// <exception cref="InvalidDataException">A file of the tokenizer is damaged.</exception>
    public static TokenizeHfEstimator TokenizeHf(
        this TransformsCatalog.TextTransforms catalog, string textColumnName = "Text", string? pairColumnName = null, string? model = null,
        int? maxLength = null, HubOptions? hub = null) => catalog.TokenizeHf(new TokenizeHfOptions
        {
            TextColumnName = textColumnName,
            PairColumnName = pairColumnName,
            Model = model,
            MaxLength = maxLength,
            Hub = hub,
        });

    /// <summary>Creates a <see cref="TokenizeHfEstimator"/> with all options: truncation, windows over long texts, padding, offsets, column names and so on.</summary>
    /// <param name="catalog">The catalog of text transforms.</param>
    /// <param name="options">The columns, the model, the lengths and the columns on request.</param>
    /// <exception cref="ArgumentException">Options contradict each other or the tokenizer; the message names them.</exception>
    /// <exception cref="DirectoryNotFoundException">The model is neither a folder nor an id on the hub.</exception>
    /// <exception cref="HubException">The model cannot be downloaded.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer, or no model is named and the package is not referenced.</exception>
    /// <exception cref="InvalidDataException">A file of the tokenizer is damaged.</exception>
    public static TokenizeHfEstimator TokenizeHf(this TransformsCatalog.TextTransforms catalog, TokenizeHfOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new TokenizeHfEstimator(MlHost.For(catalog, nameof(TokenizeHfEstimator)), options);
    }

    /// <summary>
    /// Creates an estimator that tokenizes each of two texts of a row by itself, for <c>mlContext.HfTrainer.SentenceSimilarity</c>. The token columns have the prefixes <c>First</c> and
    /// <c>Second</c>. If the folder of the model has the layout of sentence-transformers, texts are prepared as it says, as with <see cref="TokenizeHfOptions.ForSentenceEmbedding"/>.
    /// </summary>
    /// <param name="catalog">The catalog of text transforms.</param>
    /// <param name="firstTextColumnName">The name of the column of first texts.</param>
    /// <param name="secondTextColumnName">The name of the column of second texts.</param>
    /// <param name="model">The folder of a model, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="maxLength">The maximum sequence length in tokens, special tokens included. If null, that of the folder, or else that of the tokenizer.</param>
    /// <param name="firstPromptName">The name of the prompt that is put before first texts, such as <c>query</c>. If null, the default prompt of the folder, if it has one.</param>
    /// <param name="secondPromptName">The name of the prompt that is put before second texts, such as <c>passage</c>. If null, the default prompt of the folder, if it has one.</param>
    /// <exception cref="ArgumentException">The model has no prompt of that name.</exception>
    /// <exception cref="DirectoryNotFoundException">The model is neither a folder nor an id on the hub.</exception>
    /// <exception cref="HubException">The model cannot be downloaded.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer, or no model is named and the package is not referenced.</exception>
    /// <exception cref="InvalidDataException">A file of the tokenizer is damaged.</exception>
    public static EstimatorChain<TokenizeHfTransformer> TokenizeHfPair(
        this TransformsCatalog.TextTransforms catalog, string firstTextColumnName = "Sentence1", string secondTextColumnName = "Sentence2", string? model = null,
        int? maxLength = null, string? firstPromptName = null, string? secondPromptName = null)
    {
        return catalog.TokenizeHf(Options(firstTextColumnName, firstPromptName, "First")).Append(catalog.TokenizeHf(Options(secondTextColumnName, secondPromptName, "Second")));

        TokenizeHfOptions Options(string text, string? prompt, string prefix)
        {
            var options = TokenizeHfOptions.ForSentenceEmbedding(text, model, prompt);
            (options.OutputColumnPrefix, options.MaxLength) = (prefix, maxLength);
            return options;
        }
    }

    /// <summary>
    /// Creates an estimator that tokenizes texts or pairs of texts and fine-tunes a Hugging Face model to classify them. It replaces <c>TextClassification</c> of
    /// Microsoft.ML.TorchSharp, with the same columns and defaults. <c>TokenizeHf</c> followed by <c>mlContext.HfTrainer.SequenceClassification</c> does the same with all options.
    /// </summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="labelColumnName">The name of the label column, a key.</param>
    /// <param name="scoreColumnName">The name of the column of class probabilities.</param>
    /// <param name="outputColumnName">The name of the column of predicted classes.</param>
    /// <param name="sentence1ColumnName">The name of the column of texts, or of the first texts of pairs.</param>
    /// <param name="sentence2ColumnName">The name of the column of second texts; null for single texts.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch, raw or transformed like the training data; null for no evaluation.</param>
    /// <param name="maxLength">The maximum sequence length in tokens. If null, the limit of the model.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <inheritdoc cref="TokenizeHf(TransformsCatalog.TextTransforms, TokenizeHfOptions)" path="/exception"/>
    public static EstimatorChain<SequenceClassificationTransformer> HfTextClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string scoreColumnName = "Score", string outputColumnName = "PredictedLabel",
        string sentence1ColumnName = "Sentence1", string? sentence2ColumnName = null, int batchSize = 32, int maxEpochs = 10,
        string? model = null, IDataView? validationSet = null, int? maxLength = null, double learningRate = 5e-5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return OfTexts(
            name => MlHost.For(catalog, name), ClassLabel.Definition, sentence1ColumnName, sentence2ColumnName, model, maxLength, HfTrainerCatalog.Short(new SequenceClassificationOptions
            {
                LabelColumnName = labelColumnName,
                ScoreColumnName = scoreColumnName,
                PredictedLabelColumnName = outputColumnName,
            }, batchSize, maxEpochs, learningRate, validationSet));
    }

    /// <summary>
    /// Creates an estimator that tokenizes pairs of texts and fine-tunes a Hugging Face model to predict a number for each, such as their similarity. It replaces
    /// <c>SentenceSimilarity</c> of Microsoft.ML.TorchSharp, with the same columns and defaults. <c>TokenizeHf</c> followed by <c>mlContext.HfTrainer.SequenceClassification</c> does the
    /// same with all options.
    /// </summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="labelColumnName">The name of the label column, a number (Single).</param>
    /// <param name="scoreColumnName">The name of the column of predicted numbers.</param>
    /// <param name="sentence1ColumnName">The name of the column of first texts.</param>
    /// <param name="sentence2ColumnName">The name of the column of second texts.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch, raw or transformed like the training data; null for no evaluation.</param>
    /// <param name="maxLength">The maximum sequence length in tokens. If null, the limit of the model.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <inheritdoc cref="TokenizeHf(TransformsCatalog.TextTransforms, TokenizeHfOptions)" path="/exception"/>
    public static EstimatorChain<SequenceClassificationTransformer> HfSentenceSimilarity(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string scoreColumnName = "Score", string sentence1ColumnName = "Sentence1", string sentence2ColumnName = "Sentence2",
        int batchSize = 32, int maxEpochs = 10, string? model = null, IDataView? validationSet = null, int? maxLength = null, double learningRate = 5e-5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(sentence2ColumnName);
        return OfTexts(
            name => MlHost.For(catalog, name), NumberLabel.Definition, sentence1ColumnName, sentence2ColumnName, model, maxLength, HfTrainerCatalog.Short(new SequenceClassificationOptions
            {
                LabelColumnName = labelColumnName,
                ScoreColumnName = scoreColumnName,
            }, batchSize, maxEpochs, learningRate, validationSet));
    }

    /// <summary>
    /// Creates an estimator that splits texts at white space into words and fine-tunes a Hugging Face model to tag each word. It replaces <c>NamedEntityRecognition</c> of
    /// Microsoft.ML.TorchSharp, with the same columns and defaults. <c>TokenizeHf</c> followed by <c>mlContext.HfTrainer.TokenClassification</c> does the same with all options.
    /// </summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="labelColumnName">The name of the label column, a vector of keys: the tag of each word; a missing key for a word outside of entities.</param>
    /// <param name="outputColumnName">The name of the column of predicted tags.</param>
    /// <param name="sentence1ColumnName">The name of the column of texts.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch, raw or transformed like the training data; null for no evaluation.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <remarks>
    /// In addition to the predicted tags, the output has the columns <c>Score</c>, <c>EntityLabel</c>, <c>EntityStart</c>, <c>EntityEnd</c> and <c>EntityScore</c> of
    /// <see cref="TokenClassificationEstimator"/>. Long texts are cut into overlapping windows.
    /// </remarks>
    /// <inheritdoc cref="TokenizeHf(TransformsCatalog.TextTransforms, TokenizeHfOptions)" path="/exception"/>
    public static EstimatorChain<TokenClassificationTransformer> HfNamedEntityRecognition(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string outputColumnName = "PredictedLabel", string sentence1ColumnName = "Sentence", int batchSize = 32, int maxEpochs = 10,
        string? model = null, IDataView? validationSet = null, double learningRate = 5e-5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var tokenize = new TokenizeHfEstimator(
            MlHost.For(catalog, nameof(TokenizeHfEstimator)), TokenizeHfOptions.ForTokenClassification(sentence1ColumnName, model, splitIntoWords: true));
        return tokenize.Append(new TokenClassificationEstimator(MlHost.For(catalog, nameof(TokenClassificationEstimator)), HfTrainerCatalog.Short(new TokenClassificationOptions
        {
            LabelColumnName = labelColumnName,
            MissingLabelIsOutside = true,
            UnknownLabelIsOutside = true,
            PredictedLabelColumnName = outputColumnName,
        }, batchSize, maxEpochs, learningRate, validationSet)));
    }

    private static EstimatorChain<SequenceClassificationTransformer> OfTexts(
        Func<string, MlHost> hostOf, LabelKind label, string text, string? pair, string? model, int? maxLength, SequenceClassificationOptions options)
    {
        var tokenize = new TokenizeHfEstimator(
            hostOf(nameof(TokenizeHfEstimator)), new TokenizeHfOptions { TextColumnName = text, PairColumnName = pair, Model = model, MaxLength = maxLength });
        return tokenize.Append(new SequenceClassificationEstimator(hostOf(nameof(SequenceClassificationEstimator)), options, label));
    }

    /// <summary>
    /// Creates an estimator that tokenizes questions with their contexts and fine-tunes a Hugging Face model to find the answers in the contexts. It replaces <c>QuestionAnswer</c> of
    /// Microsoft.ML.TorchSharp, with the same columns and defaults. <c>TokenizeHf</c> followed by <c>mlContext.HfTrainer.QuestionAnswering</c> does the same with all options.
    /// </summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="contextColumnName">The name of the column of contexts.</param>
    /// <param name="questionColumnName">The name of the column of questions.</param>
    /// <param name="trainingAnswerColumnName">The name of the column of answers, which only training reads.</param>
    /// <param name="answerIndexColumnName">The name of the column (Int32) of the start of the answer in the context, in UTF-16 code units.</param>
    /// <param name="predictedAnswerColumnName">The name of the column of predicted answers, vectors of text.</param>
    /// <param name="scoreColumnName">The name of the column of the probabilities of the answers.</param>
    /// <param name="topK">The maximum number of answers to each question.</param>
    /// <param name="batchSize">The number of examples in a batch.</param>
    /// <param name="maxEpochs">The number of epochs.</param>
    /// <param name="model">The pretrained model: a folder, or an id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="validationSet">The data to evaluate on after each epoch, raw or transformed like the training data; null for no evaluation.</param>
    /// <param name="maxLength">The maximum length in tokens of the windows into which long contexts are cut. If null, the limit of the model.</param>
    /// <param name="learningRate">The peak learning rate.</param>
    /// <inheritdoc cref="TokenizeHf(TransformsCatalog.TextTransforms, TokenizeHfOptions)" path="/exception"/>
    public static EstimatorChain<QuestionAnsweringTransformer> HfQuestionAnswer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string contextColumnName = "Context", string questionColumnName = "Question", string trainingAnswerColumnName = "TrainingAnswer",
        string answerIndexColumnName = "AnswerIndex", string predictedAnswerColumnName = "Answer", string scoreColumnName = "Score", int topK = 3,
        int batchSize = 4, int maxEpochs = 10, string? model = null, IDataView? validationSet = null, int? maxLength = null, double learningRate = 5e-5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var tokenize = new TokenizeHfEstimator(
            MlHost.For(catalog, nameof(TokenizeHfEstimator)), TokenizeHfOptions.ForQuestionAnswering(questionColumnName, contextColumnName, model, maxLength));
        var options = HfTrainerCatalog.Short(new QuestionAnsweringOptions
        {
            AnswerColumnName = trainingAnswerColumnName,
            AnswerIndexColumnName = answerIndexColumnName,
            PredictedAnswerColumnName = predictedAnswerColumnName,
            ScoreColumnName = scoreColumnName,
            TopK = topK,
            NBestSize = Math.Max(topK, new QuestionAnsweringOptions().NBestSize),
        }, batchSize, maxEpochs, learningRate, validationSet);
        return tokenize.Append(new QuestionAnsweringEstimator(MlHost.For(catalog, nameof(QuestionAnsweringEstimator)), options));
    }
}
