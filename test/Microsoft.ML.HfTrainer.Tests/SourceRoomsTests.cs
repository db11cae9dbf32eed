namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Each rule of <see cref="DependencyTests"/> finds what breaks it, in sources made up for it.</summary>
[TestClass]
public sealed class SourceRoomsTests
{
    private static readonly string[][] _levels = [["Upper"], ["Left", "Middle", "Right"], ["Native"]];

    [TestMethod]
    [DataRow("class Low { Microsoft.ML.HfTrainer.Upper.High? _high; }", DisplayName = "a type")]
    [DataRow("class Low { int Number => Microsoft.ML.HfTrainer.Upper.High.Constant; }", DisplayName = "a constant")]
    [DataRow("[System.Obsolete(Microsoft.ML.HfTrainer.Upper.High.Text)] class Low { }", DisplayName = "a constant in an attribute")]
    [DataRow("class Low { string Name => nameof(Microsoft.ML.HfTrainer.Upper.High); }", DisplayName = "a name")]
    [DataRow("class Low { object Number => \"x\".Extended(); }", DisplayName = "an extension method")]
    [DataRow("class Low { object Number => string.Made; }", DisplayName = "an extension property")]
    public void AHigherRoomIsFound(string low)
    {
        var rooms = Rooms(("Upper/High.cs", """
            namespace Microsoft.ML.HfTrainer.Upper;
            internal class High { public const int Constant = 3; public const string Text = "text"; }
            internal static class Extensions
            {
                public static int Extended(this string text) => 1;
                extension(string) { public static int Made => 2; }
            }
            """), ("Left/Low.cs", $"using Microsoft.ML.HfTrainer.Upper;\nnamespace Microsoft.ML.HfTrainer.Left;\n{low}"));
        Assert.StartsWith("Left/Low.cs(3) uses Microsoft.ML.HfTrainer.Upper.", rooms.Upward(_levels).First());
    }

    [TestMethod]
    public void ALowerRoomMayBeUsed()
    {
        var rooms = Rooms(("Upper/High.cs", "class High { Low? _low; }"), ("Left/Low.cs", "class Low { Same? _same; }"), ("Left/Same.cs", "class Same { }"));
        Assert.IsGreaterThan(1, rooms.Count);
        Assert.IsEmpty(rooms.Upward(_levels));
        Assert.IsEmpty(rooms.Cycles(_levels));
    }

    [TestMethod]
    public void ACycleWithinALevelIsFound()
    {
        (string, string)[] sources = [("Left/A.cs", "class A { B? _b; }"), ("Middle/B.cs", "class B { C? _c; }"), ("Right/C.cs", "class C { }")];
        Assert.IsEmpty(Rooms(sources).Cycles(_levels));
        Assert.HasCount(3, Rooms([.. sources, ("Right/D.cs", "class D { int _one = E.One; }"), ("Left/E.cs", "class E { public const int One = 1; }")]).Cycles(_levels));
    }

    [TestMethod]
    public void ARoomWithoutAPlaceIsFound() => Assert.AreEqual("Other", Rooms(("Other/A.cs", "class A { }"), ("Left/B.cs", "class B { }")).Unplaced(_levels).Single());

    [TestMethod]
    public void MlNetIsFound()
    {
        var rooms = Rooms(("Left/A.cs", "class A { Microsoft.ML.IDataView? _view; }"), ("Upper/B.cs", "class B { Microsoft.ML.IDataView? _view; }"), ("Left/C.cs", "class C { Microsoft.ML.Tokenizers.Tokenizer? _t; }"));
        Assert.StartsWith("Left/A.cs(1) uses Microsoft.ML.IDataView", rooms.MlNet(["Upper/"]).Single());
    }

    [TestMethod]
    [DataRow("class A { [System.Runtime.InteropServices.DllImport(\"c\")] static extern int f(); }")]
    [DataRow("partial class A { [System.Runtime.InteropServices.LibraryImport(\"c\")] static partial int f(); }")]
    [DataRow("class A { nint F() => System.Runtime.InteropServices.NativeLibrary.Load(\"c\"); }")]
    [DataRow("unsafe class A { delegate* unmanaged<int, int> _f; }")]
    [DataRow("class A { object F() => TorchSharp.torch.jit.compile(\"\"); }")]
    [DataRow("class A { object F() => new Microsoft.ML.HfTrainer.Native.ScriptFunctions(); }")]
    public void NativeCodeIsFound(string source)
    {
        const string Scripts = "namespace Microsoft.ML.HfTrainer.Native; class ScriptFunctions { }";
        Assert.IsNotEmpty(Rooms(("Left/A.cs", source), ("Native/S.cs", Scripts)).NativeCalls("Native"));
        Assert.IsEmpty(Rooms(("Native/A.cs", source), ("Native/S.cs", Scripts)).NativeCalls("Native"));
    }

    [TestMethod]
    [DataRow("Left/A.cs", "namespace Microsoft.ML.HfTrainer; internal class A { }", false)]
    [DataRow("Left/A.cs", "namespace Microsoft.ML.HfTrainer.Left; internal class A { }", true)]
    [DataRow("Left/Under/A.cs", "namespace Microsoft.ML.HfTrainer.Left; internal record A;", false)]
    [DataRow("Left/Under/A.cs", "namespace Microsoft.ML.HfTrainer.Left.Under; internal delegate void A();", true)]
    [DataRow("Left/A.cs", "namespace Microsoft.ML.HfTrainer; public enum A { }", true)]
    [DataRow("Left/A.cs", "namespace Microsoft.ML.HfTrainer.Left; public interface A { }", false)]
    public void ATypeInAnotherNamespaceIsFound(string path, string source, bool isRight) => Assert.AreEqual(isRight, !Rooms((path, source)).Misnamed().Any());

    private static SourceRooms Rooms(params (string, string)[] sources) => new(sources);
}
