#pragma warning disable
namespace Microsoft.ML.HfTrainer;
public enum Side { Left, Right }
public sealed class TokenEncoding { public int[] Ids, TypeIds, AttentionMask; }
public sealed class HfTokenizer { public string Name; public int? PadTokenId; public int PadTokenTypeId; public Side PaddingSide; public void SavePretrained(string f){} public static HfTokenizer FromPretrained(string f)=>null!; }
