using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.ML.HfTrainer.Generation;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Generates text with causal language models and encoder-decoders, of <see cref="AutoModelForCausalLM"/> and <see cref="AutoModelForSeq2SeqLM"/>.</summary>
public static class TextGeneration
{
    extension(PretrainedModel model)
    {
        /// <summary>
        /// The settings by which the model generates where a call sets nothing else: those of <c>generation_config.json</c> in the folder it was loaded from, or of its configuration. They are
        /// saved with the model.
        /// </summary>
        public GenerationConfig GenerationConfig
        {
            get
            {
                var config = model.CurrentGenerationConfig();
                model.GenerationFields = config;
                return config;
            }
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                model.GenerationFields = value;
            }
        }
    }

    /// <summary>Generates token ids.</summary>
    /// <remarks>The model is evaluated, without gradients and dropout. Several threads may generate with one model.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="inputIds">The prompts of a causal model, padded on the left, or the source texts of an encoder-decoder, <c>[batch, length]</c> int64.</param>
    /// <param name="attentionMask">1 at a token and 0 at padding, as <paramref name="inputIds"/>. If null, padding is found by <see cref="GenerationConfig.PadTokenId"/>.</param>
    /// <param name="config">The settings; what they leave out is that of the model. If null, all are.</param>
    /// <param name="options">Processors, criteria and so on. If null, there are none.</param>
    /// <param name="cancellationToken">Ends generation before the next token.</param>
    /// <returns>The sequences, whose tensors belong to the current dispose scope.</returns>
    /// <exception cref="ArgumentException">The tensors do not fit the model, or settings are out of range or contradict each other; the message names all of those.</exception>
    /// <exception cref="NotSupportedException">The model has no head that generates, or a setting asks for what is not supported.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static GenerationOutput Generate(
        this PretrainedModel model, Tensor inputIds, Tensor? attentionMask = null, GenerationConfig? config = null, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputIds);
        var generating = RequireHead(model);
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var trains = model.training;
        if (trains)
            model.eval();
        try
        {
            var task = new GenerationInput(generating, inputIds, attentionMask, config ?? new GenerationConfig(), options ?? new GenerationOptions()).Prepare(cancellationToken);
            return Run(task).MoveToOuterDisposeScope();
        }
        finally
        {
            if (trains)
                model.train();
        }
    }

    /// <summary>Generates the continuation of a prompt, or the target of a source text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="text">The prompt or the source text.</param>
    /// <param name="config">The settings; what they leave out is that of the model. If null, all are.</param>
    /// <param name="options">Processors, criteria and so on. If null, there are none.</param>
    /// <param name="cancellationToken">Ends generation before the next token.</param>
    /// <returns>The new text, without special tokens. Of several sequences the best one.</returns>
    /// <inheritdoc cref="Generate" path="/exception"/>
    public static string GenerateText(
        this PretrainedModel model, HfTokenizer tokenizer, string text, GenerationConfig? config = null, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        model.GenerateText(tokenizer, [text], config, options, cancellationToken)[0];

    /// <summary>Generates the continuations of prompts, or the targets of source texts, in one batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="texts">The prompts or the source texts.</param>
    /// <param name="config">The settings; what they leave out is that of the model. If null, all are.</param>
    /// <param name="options">Processors, criteria and so on. If null, there are none.</param>
    /// <param name="cancellationToken">Ends generation before the next token.</param>
    /// <returns>The new texts, without special tokens: for each text <see cref="GenerationConfig.NumReturnSequences"/> of them, the best first.</returns>
    /// <inheritdoc cref="Generate" path="/exception"/>
    public static IReadOnlyList<string> GenerateText(
        this PretrainedModel model, HfTokenizer tokenizer, IReadOnlyList<string> texts, GenerationConfig? config = null, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        using var scope = NewDisposeScope();
        var (ids, mask) = Encode(RequireHead(model), tokenizer, texts);
        var output = model.Generate(ids, mask, config, (options ?? new GenerationOptions()) with { Tokenizer = tokenizer }, cancellationToken);
        return [.. output.NewTokens.Select(tokens => tokenizer.Decode(tokens))];
    }

    /// <summary>Generates the continuation of a prompt, or the target of a source text, and returns it piece by piece while it is generated, on a thread of its own.</summary>
    /// <remarks>A piece holds whole characters; joined, the pieces are what <see cref="GenerateText(PretrainedModel, HfTokenizer, string, GenerationConfig?, GenerationOptions?, CancellationToken)"/> returns. Generation ends when the enumeration does.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="text">The prompt or the source text.</param>
    /// <param name="config">The settings, without beams and with one sequence; what they leave out is that of the model. If null, all are.</param>
    /// <param name="options">Processors, criteria and so on. If null, there are none.</param>
    /// <param name="cancellationToken">Ends generation before the next token.</param>
    /// <inheritdoc cref="Generate" path="/exception"/>
    public static IAsyncEnumerable<string> StreamTextAsync(
        this PretrainedModel model, HfTokenizer tokenizer, string text, GenerationConfig? config = null, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(text);
        RequireHead(model);
        var all = (config ?? new GenerationConfig()).Over(model.CurrentGenerationConfig());
        if (all.NumBeams > 1 || all.NumReturnSequences > 1)
            throw new ArgumentException($"NumBeams is {all.NumBeams ?? 1} and NumReturnSequences is {all.NumReturnSequences ?? 1}; to return text while it is generated, both should be 1.", nameof(config));
        return Stream(tokenizer, Generate, cancellationToken);

        void Generate(Action<int> onToken, CancellationToken ending) =>
            model.GenerateText(tokenizer, [text], config, (options ?? new GenerationOptions()) with { OnTokens = tokens => onToken(tokens[0]) }, ending);
    }

    /// <summary>Returns the settings of a model without making them part of it.</summary>
    internal static GenerationConfig CurrentGenerationConfig(this PretrainedModel model) =>
        model.GenerationFields as GenerationConfig
        ?? (model.GenerationFile is { } file ? HfTrainer.GenerationConfig.Parse(file.Path, file.Json) : HfTrainer.GenerationConfig.FromModelConfig(model.Config));

    private static GenerationOutput Run(GenerationTask task)
    {
        using var scorer = task.Scorer;
        using var rows = task.Rows;
        try
        {
            return task.Config.NumBeams > 1 ? BeamSearch.Run(task) : TokenSearch.Run(task);
        }
        catch
        {
            task.Abandon();
            throw;
        }
    }

    /// <summary>Returns the text of tokens piece by piece while they are generated, on a thread of its own.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="generate">Generates tokens, of which it calls its first argument with each; the second ends it.</param>
    /// <param name="cancellationToken">Ends it too.</param>
    internal static async IAsyncEnumerable<string> Stream(HfTokenizer tokenizer, Action<Action<int>, CancellationToken> generate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var stream = new TextStream(tokenizer, piece => pieces.Writer.TryWrite(piece));
        var generation = Task.Factory.StartNew(Generate, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return piece;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await generation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Generate()
        {
            Exception? failure = null;
            try
            {
                generate(stream.Add, ending.Token);
                stream.End();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            pieces.Writer.Complete(failure);
        }
    }

    private static (Tensor Ids, Tensor Mask) Encode(HeadedModel model, HfTokenizer tokenizer, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            throw new ArgumentException("There are no texts to generate from.", nameof(texts));
        var encodings = tokenizer.EncodeBatch(texts);
        if (encodings.Index().FirstOrDefault(encoding => encoding.Item.Length == 0) is { Item: not null } empty)
            throw new ArgumentException($"Text {empty.Index} has no tokens; it should have at least one.", nameof(texts));
        var padding = tokenizer.PadTokenId ?? model.CurrentGenerationConfig().PadTokenId ?? tokenizer.EosTokenId ?? 0;
        var side = model.Body is EncoderDecoderBody ? Side.Right : Side.Left;
        var padded = tokenizer.Pad([.. encodings], new PadOptions { PadId = padding, Side = side });
        long[] Flat(Func<TokenEncoding, int[]> values) => [.. padded.SelectMany(values).Select(value => (long)value)];
        var shape = new long[] { texts.Count, padded[0].Length };
        return (tensor(Flat(encoding => encoding.Ids), shape), tensor(Flat(encoding => encoding.AttentionMask), shape));
    }

    private static HeadedModel RequireHead(PretrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model is HeadedModel { Kind: ModelHead.CausalLM or ModelHead.Seq2SeqLM } generating
            ? generating
            : throw new NotSupportedException($"{model.ClassName} does not generate text; load the model with {nameof(AutoModelForCausalLM)} or {nameof(AutoModelForSeq2SeqLM)}.");
    }
}
