using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Models.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// Refuses values that a model has no row or no class for, by the example that holds them, before libtorch sees them: its own message names neither, and on a GPU it ends the process.
/// Values are read on the CPU; those of tensors that were made on another device are not checked.
/// </summary>
internal static class BatchCheck
{
    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids", PositionIds = "position_ids", OneNeeded = "the model needs at least one";

    /// <summary>Checks what a body reads.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="body">The body.</param>
    /// <param name="head">Its head.</param>
    /// <exception cref="InvalidDataException">A value is out of range, a text has no tokens or too many, or the tensors of tokens differ in shape.</exception>
    public static void Inputs(Batch batch, ModelBody body, TaskHead head)
    {
        foreach (var (name, count) in body.InputRanges)
            if (batch.ContainsKey(name))
                Values(batch, name, count, ignored: null, $"the model takes whole numbers from 0 to {count - 1} there{(name == Ids ? "; resize its embeddings (ResizeTokenEmbeddings) if the tokenizer has more tokens" : "")}");
        if (body.InputEmbedding is null || batch.Find(Ids) is not { } ids)
            return;
        if (ids.dim() < 2)
            throw Error(batch, Ids, 0, "a single number", "a list of token ids is needed");
        if (ids.shape[^1] == 0)
            throw Error(batch, Ids, 0, "no tokens", OneNeeded);
        foreach (var name in new[] { Mask, Types })
            if (batch.ContainsKey(name))
                Beside(batch, name, ids, Ids);
        Presence(batch, ids, head.TakesEmptyTexts);
        if (body.MaxLength is { } most && !batch.ContainsKey(PositionIds))
            Length(batch, Ids, batch is { Packed: true, Lengths: { } lengths } && !head.SeesPadding ? lengths.Max() : ids.shape[^1], most, body.PaddingTakesPositions);
    }

    /// <summary>Checks that a tensor has a number for each token, unless it has other axes than the token ids.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="ids">The token ids.</param>
    /// <param name="from">The name of the tensor that they come from.</param>
    /// <exception cref="InvalidDataException">It has more or fewer.</exception>
    public static void Beside(Batch batch, string name, Tensor ids, string from)
    {
        if (batch.Get(name) is var other && other.dim() == ids.dim() && !other.shape.SequenceEqual(ids.shape))
            throw Error(batch, name, 0, $"{PerRow(other)} numbers", $"one for each of the {PerRow(ids)} tokens in '{from}' is needed");
    }

    /// <summary>Checks labels that are classes, or token ids to be predicted; labels of <see cref="Batch.IgnoredLabel"/> do not count.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="scores">The scores, <c>[..., classes]</c>, each row of which has a label.</param>
    /// <param name="name">The name of the labels.</param>
    /// <exception cref="InvalidDataException">There are too few or too many labels, or one is no class.</exception>
    public static void Classes(Batch batch, Tensor scores, string name = Batch.Labels)
    {
        Count(batch, name, scores.numel() / Math.Max(1, scores.shape[^1]), "one for each row of the model's output is needed");
        Classes(batch, name, scores.shape[^1]);
    }

    /// <summary>Checks labels that are classes, before there are scores.</summary>
    public static void Classes(Batch batch, string name, long classes) =>
        Values(batch, name, classes, Batch.IgnoredLabel, $"labels are classes, whole numbers from 0 to {classes - 1}, or {Batch.IgnoredLabel} where there is none");

    /// <summary>Checks labels that are positions of tokens; those outside the text are allowed.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="name">The name of the labels.</param>
    /// <param name="scores">The scores of tokens, <c>[batch, length]</c>, each row of which has a label.</param>
    /// <exception cref="InvalidDataException">There are too few or too many labels, or they are no whole numbers.</exception>
    public static void Positions(Batch batch, string name, Tensor scores)
    {
        const string Wanted = "the index of a token is needed, a whole number";
        Count(batch, name, scores.shape[0], Wanted);
        if (batch.Get(name).is_floating_point())
            throw Error(batch, name, 0, batch.OnCpu(name) is { } values ? $"the real number {Number(values, 0)}" : "a real number", Wanted);
    }

    /// <summary>Checks the labels of examples that may have several, each 0 or 1.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="scores">The scores, <c>[batch, labels]</c>.</param>
    /// <exception cref="InvalidDataException">There are too few or too many labels, or one is neither 0 nor 1.</exception>
    public static void Decisions(Batch batch, Tensor scores)
    {
        const string Wanted = "with several labels for each example (multi_label_classification)";
        Count(batch, Batch.Labels, scores.numel(), $"{Wanted}, {scores.shape[^1]} numbers of 0 or 1 are needed; if each example has one class, its index is given as a whole number");
        if (batch.OnCpu(Batch.Labels) is { } labels && Array.FindIndex(Numbers(labels), value => value is not (0 or 1)) is >= 0 and var at)
            throw Error(batch, Batch.Labels, at, Number(labels, at), $"{Wanted}, each is 0 or 1; for values in between, set ComputeLossFunc");
    }

    /// <summary>Checks labels that are numbers to be predicted.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="outputs">The outputs of the model, each of which has a label.</param>
    /// <exception cref="InvalidDataException">There are too few or too many labels.</exception>
    public static void Targets(Batch batch, Tensor outputs) =>
        Count(batch, Batch.Labels, outputs.numel(), $"a number for each of the {PerRow(outputs)} outputs of the model (regression) is needed");

    /// <summary>Checks that texts are no longer than the model has positions for.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="name">The name of their token ids.</param>
    /// <param name="length">The length that they are padded to.</param>
    /// <param name="most">The number of positions.</param>
    /// <param name="paddingCounts">false if padding takes no position.</param>
    /// <exception cref="InvalidDataException">A text is longer.</exception>
    public static void Length(Batch batch, string name, long length, long most, bool paddingCounts = true)
    {
        if (length <= most)
            return;
        var (row, tokens) = Longest(batch, name, length);
        if (tokens > most || paddingCounts)
            throw Error(batch, name, row, $"{tokens} tokens", $"the model has positions for {most}{(tokens > most ? "" : $", and the batch is padded to {length}")}; truncate when tokenizing (maxLength)");
    }

    /// <summary>Checks that target texts have tokens.</summary>
    /// <param name="labels">The labels, <c>[batch, length]</c>.</param>
    /// <param name="padding">The id of padding. If null, a text may be padding alone.</param>
    /// <exception cref="InvalidDataException">A text has none.</exception>
    public static void TargetTexts(Tensor labels, int? padding)
    {
        if (labels.dim() != 2 || labels.shape[1] == 0)
            throw new InvalidDataException($"The batch has labels [{string.Join(", ", labels.shape)}]; a decoder needs a list of token ids for each example, with at least one token.");
        if (padding is not { } id || labels.device_type != DeviceType.CPU)
            return;
        using var scope = NewDisposeScope();
        var isEmpty = labels.eq(Batch.IgnoredLabel).logical_or(labels.eq(id)).all(1);
        if (isEmpty.any().item<bool>())
            throw new InvalidDataException($"Example {isEmpty.to(ScalarType.Int64).argmax().item<long>()} of the batch has no tokens in 'labels'; a decoder needs at least one.");
    }

    private static void Values(Batch batch, string name, long count, long? ignored, string wanted)
    {
        var tensor = batch.Get(name);
        if (batch.OnCpu(name) is not { } values)
        {
            if (tensor.is_floating_point())
                throw Error(batch, name, 0, "real numbers", wanted);
            return;
        }
        var at = values.is_floating_point() ? Math.Min(0, values.numel() - 1) : Outside(values, count, ignored);
        if (at >= 0)
            throw Error(batch, name, at, values.is_floating_point() ? $"the real number {Number(values, at)}" : Number(values, at), wanted);
    }

    private static long Outside(Tensor tensor, long count, long? ignored)
    {
        using var scope = NewDisposeScope();
        var values = Integers(tensor);
        for (var i = 0; i < values.Length; i++)
        {
            var next = values[i..].IndexOfAnyExceptInRange(0, count - 1);
            if (next < 0)
                return -1;
            i += next;
            if (values[i] != ignored)
                return i;
        }
        return -1;
    }

    private static void Count(Batch batch, string name, long count, string wanted)
    {
        if (batch.Get(name) is var labels && labels.numel() != count)
            throw Error(batch, name, 0, $"{PerRow(labels)} numbers", wanted);
    }

    // Rows are looked through only if one may be padding alone.
    private static void Presence(Batch batch, Tensor ids, bool mayBeEmpty)
    {
        if (mayBeEmpty || !batch.HasPadding || batch.Lengths is not null || batch.OnCpu(Mask) is not { } mask || mask.dim() != ids.dim())
            return;
        using var scope = NewDisposeScope();
        var marks = Integers(mask.is_floating_point() ? mask.ne(0) : mask);
        var length = (int)ids.shape[^1];
        for (var start = 0; start < marks.Length; start += length)
            if (!marks.Slice(start, length).ContainsAnyExcept(0L))
                throw Error(batch, Ids, start, "no tokens", $"its '{Mask}' is 0 throughout, and {OneNeeded}");
    }

    // The position in the tensor at which the text with the most tokens begins, and their number.
    private static (long Start, long Tokens) Longest(Batch batch, string name, long length)
    {
        if (name != Ids || batch.OnCpu(Mask) is not { } mask || mask.numel() != batch.Get(Ids).numel())
            return (0, length);
        using var scope = NewDisposeScope();
        var counts = mask.ne(0).reshape(-1, mask.shape[^1]).sum(-1);
        var longest = counts.argmax().item<long>();
        return (longest * mask.shape[^1], counts[longest].item<long>());
    }

    /// <summary>Returns an exception about a value.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="name">The name of the tensor. A row of it is an example, unless the collator put several into one.</param>
    /// <param name="position">The position of the value in the tensor, in row-major order.</param>
    /// <param name="found">What was found.</param>
    /// <param name="wanted">What would be right.</param>
    public static InvalidDataException Error(Batch batch, string name, long position, string found, string wanted)
    {
        var tensor = batch.Get(name);
        var row = (int)(position / PerRow(tensor));
        var (place, feature) = batch.Source switch
        {
            null => ($"Example {row} of the batch", name),
            { } source when source.Count == tensor.shape.FirstOrDefault() => (source.NameOf(row), source.FeatureOf(row, name)),
            { } source => ($"One of the {source.Count} examples of a batch, which begins with {source.NameOf(0)},", name),
        };
        return new InvalidDataException($"{place} has {found} in '{feature}'; {wanted}.");
    }

    private static long PerRow(Tensor values) => Math.Max(1, values.numel() / Math.Max(1, values.shape.FirstOrDefault(1)));

    private static string Number(Tensor values, long position) => Numbers(values)[position].ToString(CultureInfo.InvariantCulture);

    private static double[] Numbers(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    private static ReadOnlySpan<long> Integers(Tensor values) => MemoryMarshal.Cast<byte, long>(
        (values.dtype == ScalarType.Int64 && values.is_contiguous() ? values : values.to(ScalarType.Int64).contiguous()).bytes);
}
