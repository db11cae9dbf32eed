using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer.Tests.Metrics.Text;

/// <summary>The examples of Porter's paper, and the words for which NLTK departs from it.</summary>
[TestClass]
public class PorterStemmerTests
{
    [TestMethod]
    [DataRow("caresses caress", "caress caress")]
    [DataRow("ponies ties cats", "poni tie cat")]
    [DataRow("feed agreed plastered bled motoring sing", "feed agre plaster bled motor sing")]
    [DataRow("conflated troubled sized hopping tanned falling hissing fizzed failing filing", "conflat troubl size hop tan fall hiss fizz fail file")]
    [DataRow("happy sky enjoy spy", "happi sky enjoy spi")]
    [DataRow("relational conditional rational valency hesitancy digitizer", "relat condit ration valenc hesit digit")]
    [DataRow("conformably radically differently vilely analogously", "conform radic differ vile analog")]
    [DataRow("vietnamization predication operator feudalism", "vietnam predic oper feudal")]
    [DataRow("decisiveness hopefulness callousness formality sensitivity sensibility", "decis hope callous formal sensit sensibl")]
    [DataRow("triplicate formative formalize electricity electrical goodness", "triplic form formal electr electr good")]
    [DataRow("revival allowance inference airliner gyroscopic adjustable defensible irritant", "reviv allow infer airlin gyroscop adjust defens irrit")]
    [DataRow("replacement adjustment dependent adoption homologou communism activate", "replac adjust depend adopt homolog commun activ")]
    [DataRow("angularity homologous effective bowdlerize", "angular homolog effect bowdler")]
    [DataRow("probate rate cease controll roll", "probat rate ceas control roll")]
    [DataRow("dies died spied flies news skies dying proceed innings", "die die spi fli news sky die proceed inning")]
    [DataRow("geology hopefully traditionally owed is", "geolog hope tradit owe is")]
    [DataRow("y by 1990s abc123ing", "y by 1990 abc123")]
    public void Stems_are_those_of_the_paper_and_of_NLTK(string words, string stems) => Assert.AreEqual(stems, string.Join(' ', words.Split(' ').Select(PorterStemmer.Stem)));
}
