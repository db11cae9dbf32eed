using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>The rules that ML.NET's own tests hold every estimator to.</summary>
internal static class EstimatorContract
{
    /// <param name="ml">The context.</param>
    /// <param name="estimator">The estimator.</param>
    /// <param name="valid">Data that it can be fitted to.</param>
    /// <param name="invalid">Data that neither it nor its transformer can take.</param>
    public static void Check<T>(MLContext ml, IEstimator<T> estimator, IDataView valid, IDataView invalid) where T : class, ITransformer
    {
        var promised = estimator.GetOutputSchema(SchemaShapes.Of(valid.Schema));
        MustRefuse(() => estimator.GetOutputSchema(SchemaShapes.Of(invalid.Schema)));
        MustRefuse(() => estimator.Fit(invalid));

        var transformer = estimator.Fit(valid);
        var (loaded, loadedSchema) = SaveAndLoad(ml, transformer, valid.Schema);
        SchemaComparer.AssertSame(valid.Schema, loadedSchema);
        try
        {
            CheckSchemas(transformer, valid);
            CheckSchemas(loaded, valid);
            var (ours, theirs) = (transformer.Transform(valid), loaded.Transform(valid));
            SchemaComparer.AssertSame(ours.Schema, theirs.Schema);
            RowComparer.AssertSame(RowComparer.Read(ours), RowComparer.Read(theirs));
            // Each column by itself gives the same as all together.
            RowComparer.AssertSame(RowComparer.Read(ours), RowComparer.ReadColumnByColumn(ours));
            foreach (var bound in new[] { transformer, loaded })
            {
                MustRefuse(() => bound.GetOutputSchema(invalid.Schema));
                MustRefuse(() => bound.Transform(invalid));
            }
            AssertKept(promised, SchemaShapes.Of(transformer.GetOutputSchema(valid.Schema)));
        }
        finally
        {
            (loaded as IDisposable)?.Dispose();
            (transformer as IDisposable)?.Dispose();
        }
    }

    /// <summary>Promised and delivered shapes must each be able to stand for the other, so that no annotation is missing and none unpromised.</summary>
    public static void AssertKept(SchemaShape promised, SchemaShape delivered)
    {
        CollectionAssert.AreEquivalent(promised.Select(c => c.Name).ToList(), delivered.Select(c => c.Name).ToList());
        foreach (var p in promised)
        {
            Assert.IsTrue(delivered.Find(p.Name, out var d));
            Assert.IsTrue(d.Value.Accepts(p),
                $"'{p.Name}' is delivered with something that was not promised: promised {Describe(p)}, delivered {Describe(d.Value)}.");
            Assert.IsTrue(p.Accepts(d.Value),
                $"'{p.Name}' was promised something that is not delivered: promised {Describe(p)}, delivered {Describe(d.Value)}.");
        }
    }

    public static (ITransformer Model, DataViewSchema Input) SaveAndLoad(
        MLContext ml, ITransformer transformer, DataViewSchema input, MLContext? loadInto = null)
    {
        using var file = new MemoryStream();
        ml.Model.Save(transformer, input, file);
        file.Position = 0;
        var model = (loadInto ?? ml).Model.Load(file, out var schema);
        return (model, schema);
    }

    private static void CheckSchemas(ITransformer transformer, IDataView data)
    {
        var schema = transformer.GetOutputSchema(data.Schema);
        Assert.IsTrue(transformer.IsRowToRowMapper);
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.AreSame(data.Schema, mapper.InputSchema);
        SchemaComparer.AssertSame(schema, mapper.OutputSchema);
        SchemaComparer.AssertSame(schema, transformer.Transform(data).Schema);
    }

    private static void MustRefuse(Action action)
    {
        try
        {
            action();
        }
        catch (Exception refusal) when (refusal is ArgumentOutOfRangeException or InvalidOperationException)
        {
            Assert.IsTrue(refusal.Data.Contains("ML_IsMarked"), $"ML.NET does not know where this comes from: {refusal}");
            return;
        }
        Assert.Fail("Data that cannot be used was accepted.");
    }

    private static string Describe(SchemaShape.Column column) =>
        $"{column.TypeText()} {{{string.Join(", ", column.Annotations.Select(a => $"{a.Name}: {a.TypeText()}"))}}}";
}
