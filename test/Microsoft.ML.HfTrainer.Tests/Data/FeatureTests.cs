namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public class FeatureTests
{
    [TestMethod]
    public void Shapes_are_those_of_what_was_given()
    {
        Feature number = 3, list = new[] { 1, 2 }, image = new(new float[12], 3, 2, 2), table = new[] { new[] { 1, 2 }, [3, 4] }, rows = new[] { new[] { 1 }, [2, 3] };
        CollectionAssert.AreEqual(Array.Empty<int>(), number.Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 2 }, list.Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 3, 2, 2 }, image.Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 2, 2 }, table.Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 2, -1 }, rows.Shape.ToArray());
        Assert.IsTrue(number.IsScalar && !list.IsScalar && default(Feature).IsDefault && !((Feature)Array.Empty<float>()).IsDefault);
    }

    [TestMethod]
    public void Parts_are_taken_along_the_first_axis()
    {
        Feature rows = new[] { new[] { 1 }, [2, 3], [] };
        CollectionAssert.AreEqual(new[] { 2, 3 }, rows[1].Integers.ToArray());
        Assert.AreEqual(0, rows[2].Length);
        var image = new Feature(new[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 2, 2, 2);
        CollectionAssert.AreEqual(new[] { 2, 2 }, image[1].Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 7, 8 }, image[1][1].Integers.ToArray());
        Assert.AreEqual(7, image[1][1][0].Integers.Span[0]);
        Assert.IsTrue(image[1][1][0].IsScalar);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => rows[3]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ((Feature)3)[0]);
    }

    [TestMethod]
    public void A_shape_holds_all_numbers()
    {
        Assert.Contains("[3, 2] does not hold 5 numbers", Assert.ThrowsExactly<ArgumentException>(() => new Feature(new int[5], 3, 2)).Message);
        Assert.Contains("[-1, -5]", Assert.ThrowsExactly<ArgumentException>(() => new Feature(new float[5], -1, -5)).Message);
    }

    [TestMethod]
    public void Only_lists_of_one_kind_may_differ()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Feature.Stack([]));
        Assert.ThrowsExactly<ArgumentException>(() => Feature.Stack([new[] { 1 }, new[] { 1f }]));
        Assert.Contains("[2, 2] whole numbers", Assert.ThrowsExactly<ArgumentException>(() => Feature.Stack([new[] { 1 }, new Feature(new int[4], 2, 2)])).Message);
    }
}
