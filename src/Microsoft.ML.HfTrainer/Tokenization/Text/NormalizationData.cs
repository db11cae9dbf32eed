using System.IO.Compression;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// The decompositions and combining classes of Unicode 14 as bytes. They are included because string.Normalize has no effect in applications with
/// InvariantGlobalization, and because tokens must not depend on the ICU version of the machine.
/// </summary>
/// <remarks>
/// Deflate-compressed; all numbers are base-128 varints. First the number of decompositions; for each, the difference of its code point from the
/// previous one, 4 * length + 1 if it is a compatibility decomposition + 2 if it is excluded from composition, and its code points (one level,
/// without Hangul). Then the number of runs of equal combining class; for each, the difference of its first code point from that of the previous run,
/// its length, and the class.
/// </remarks>
internal static class NormalizationData
{
    public static byte[] Read()
    {
        using var inflated = new MemoryStream();
        using (var deflate = new DeflateStream(new MemoryStream(Convert.FromBase64String(Deflated)), CompressionMode.Decompress))
            deflate.CopyTo(inflated);
        return inflated.ToArray();
    }

    private const string Deflated =
        "7ZwJeBZVmu+fU0nV91XIZ0+01VZbidozozM9tiRs9riAgEIrYLOqM/cOn4IY2WwWFWd6JguEhLAFCPuWBLKQPSEbS0ISsn1sYQv7DoGwr7KIMP//W/XFEJfue2/PvdPP7efh/ztvnfPW" +
        "2U99VUWdJP7DMqUHOs3AKEPT3boZOMHw0YOUHqzMwDBD6WsdPmZgMow2Sh+ludps6NRWkUHKFQxbc3YONZSzcxgRTkQQUcRkQ3N2wanObnTpRpdudOnG1B6M68G4HozrgeKdvXhubyb0" +
        "ZkJvJvSWuCjDx9mfCf2Z0J8J/ZnLe2FIcDPBzQQ3E9w8w81UN2vwIWswhC5D6DKELkOYGsK4EMaFMC6ENRjJc0cxYRQTRjFhlMSxBuOYMI4J45gwjrmMD8Np46W9E1gk0TmSFtE5hRbR" +
        "had9SHThuR8SXSbRIrpMoUV0JQZPQWndmNUQohuzGkJ0o/MQohszHUJ04xlDiDeZ6VDiTToPJd6k81DiTXbEUKI7XT4ORxk92LYQogcLCiF68LQQogezDyF6TDI0s8dvlBnyiXL+hqd/" +
        "QrzF3IYlowfeZsuGE28zbjjxNus0HDDfLlTKHF6ofJy96DKS6EWXkUQv+o2k31p9pI+zNysxiujNSowiesfQikGN+/Dc0UQfnjua6MMMRhN9mTCG6Mv6jSH60mUM0ZcuY4h+PBxL9OPh" +
        "WPZ3f3bDOKI/Cx9H9Gfh44j+k2kR/VmXcUR/ds04YiAL+px4jxgvFifF+6zLl8T7HIMvifdZ5JeAPuZpZ++FbNlC4wFnf1rjFho/Nbt+oymz611gMPE2+v3tT9CBUC/YvRCOxDh0Zj5u" +
        "ogcRQvQmRhH9iXHEAcWm3BEeUGFih4k9RWzLJ1TsUIzlBvE8IUzyJZOFVRLTAPo43+RJQ4m3iGFSNntiFHHGh55nhYU+TJupk59wkLu+D32Jtn2JOcl6DOUi7sXyRxKVUrmTwiphg3CP" +
        "8Kaw83Q2negcS4voxsMhRDceDiF68DCE6MHDEKI3D0cRvXk4iujDw9FEHx6OJvrzcBzRn4fjiL5JnEFEP2JsEmrenS37eIrhcHbm6LpldcpFh6iXTvtKuEt4XdibbqOITOncLOF7xPgJ" +
        "xu/1j5Xe4Kv0T5Q+Wum3YH0NhelK/1zp4wPNQMxJM3ASMZlIISIILBL9OHyHY3op/Qulx+n/bKBfDVyojFmG8ouC9aJRrBtmYKXha/yjIRd6Z4p0bKwDNLBcnXG0nHOF8x28yi0VrpCY" +
        "VKEHfBypnOkrhDkSny8sFBYLN4pnsfhUCkslvlJYy5z1XIfSi6AVDuXcLvHb6alXIW6943F9NcIyqNyh6fMQ5jt89USHwxnn5LSJc/ICPssZZvg6I2HrzgVO5jFPUhOdkUYr2JFGoLMI" +
        "fNSZL/H5claenFUvZ62Ws4oktQKeP3Nec3ISXAd/45zj5MWgAHzAOUPsbOEMZ5TY/JmIk5h80Me5x2T8XuEc8SkQzhUWiv885wQpcYLUNkpscomwRHxOSw6NwgyJ3yxMlLMqhIkSU2HH" +
        "x4hNJktMteSTJvZGcJoyT/qFt1qIdP8d/uROsEaY7L8L9MDubSb7X/NXZo2w2kV6YHd37nLt9NecZWCAcztY7+tMeXDtg05nNujjzAN/4RcHKr85wrnCRcJ4YYIwTZgFDndWP1TyEKr6" +
        "0O6H/sov/qG1D8EH1PyywH5+uT9d+1MfvyLwWb85IPIULpL4NPAMTn6k/hEfsOQR2rsfQUaPrH0EGYEdnDMf3f1oe2fVoyWPIlVYhZh/c1b9rP5nXzhLH9v1mMNZBSL+sfrHNLActgcx" +
        "/+GserzkcZwlrHp89+PTMLBPeJ7QwK1P4BIKmzGHn+hvbv557s9Dlbn5ydwnnzfTnpz/pALjn/yVHvNUB7/ypwpb+/ltAnW/bcJ64X7Q5bf+qXykXn7qylMaeO0p5ZfbOrS1MnNbh7VW" +
        "fnli58F2IjW09YN+M1szt0WtmUO8MEmY1pq5zWid33qEc0VgZmC90g88Pfmnzont89trzknCaGGMcCro64wFn3eulpi1oI+zBMRqlZhysNFH74w1qZT+uqZ3VXo3pU/zUfqbSu+u9B5K" +
        "/43S31L620rvqfRemt5b6Qm4Gr2j9D5K76f0/kofqHS30usQuw0K/7XSP1D6YKUPUfpeROyHDkBDNX2Y0kcofaOGW0+l70TcHDjPhT5V+lilj1P6YhxcRMJnuGzA5CUkD1rlsC4b1VCI" +
        "XELHiY83vawp/QF9nfNZfTuy+FDpuxBcUlbxHyn9MIKj0EnoNNQIneGlGCUtxqX4POyJ/6j0pbAv81ToCnQVugZdh26yiUiPgNLQT9EIJ0OLkEcMwinQl0qfgSAWmqnzGtjZ2XkFf0qI" +
        "1/kb8QHxeiIt4vUcWkS1XLVPCbvSaTDRlU6Dia50Gkx05a/RYKJrBi1ipsar3CzhTC1MbLlNZ+IQols2LSLFl1e1VOEbLOQjuankhWco0Z2HHxPdWfDHRHdebD4murPgj+XmM5MW0YPZ" +
        "hhBbpf4XhW8Rw8RiFsOIt9iAYcTbPBxOFLwsdxfCt5k0XNJZ6eFET2YxgujJSo0gevLEEUQvHo4kevFwpMQxg5FEL2YwMkN+ssPkJztM7CixyU3SZ5uFm6TPNgvfIT4Vi5l/SvQhRovF" +
        "YkYT+6Te+4V9WORooi+dxhB96TRGPDUe7xceER4VHnuZPC7sR4wVi6eMJfoxw7FEPzZkLNF/OW9kiP7s9nFEfyaMI05LCxqFZzS28qxwAO+JPyMGMOPPiIFs+OfEQLp/Tgyk8+fEQFbl" +
        "c2IgnT8n3uXhF8S7dPlCHt94OF7uiXnH/CXxPp2/JN5n5b8kPpa2SPa8Ax/PWx53ia6c99AVurMzvd1E52haRLkM2TFhudzcHhOWq2ixLZ8Iscllr7DweGG4dEGEMFyGOEIYrkWLHS12" +
        "hNjWuZFyrjyhsRpDiG50G0J0o9MQwiP1OSP0SH3OCD1SnzNCj9TnjLBI6lMs7MHEEKIHsw8hehOjxGLCKGKn5H5NuFNyvybcKblfU5ZPhNjkJsl9s3CZD8+KFy7zCRU7VOxosaPFjhBb" +
        "Wu6TKDbZnxgnFt3GEVmSU7YwS3LKFmZJTtk+lk+E2BFiJ4pNvkfH8cR7PBwvcTxhPPEe3cdH4K47xzFLbjxng6Gv0j9MGPpqmNhhYpeLXS63uLOE9I8Sz2hhlHhGC6PEM1qYL/754j9D" +
        "PGOFM8Qz9lU+vcSJT5z4zJPU+cJ54jNffArFp1B8lklqvHCZ+MQLl0mJ8cK54j9X/FPEM1WYIp6pwhTxTBUWi3+x+GeLZ44wWzxzhNnimSOcL/7zxb9IPIuFReJZLCyychaWin+p+K8X" +
        "zzLhevEskzYuFZ+l4lMjqbXCGvGpFZ9K8akUnzpJ3SasE59twjopcRvIB47Z4N5XQ4VhwnJ5aJglZD5HJIejwiOSw1HhEfE8avWS+KeK/2nxbBSeFs9G4WnxbLR6ycGnpnQHx55WhoOj" +
        "RyvTwX6mleVgj9Da5GCbaG12sFa0tjh8MPMqZeaR4cII4QThRGGkcJIwShgtnCyMEU4RThVOE04XLhPGCxOEicLlwhXCJGGyMEWYKlwpTBOmCzOEmcIs4RHhUeEx4XHhCeFJYYPwlPC0" +
        "sFF4RnhWeE54XnhBeFGY44gU8ofwkh0j9QE12ByJgtcqZcVGCicI2b+RDlqVfOrF0BrFDsswA8vleZa8JlkWSpaZkmWhZFklWcZJNlEOLjNa0WIxpfS1UGGY0FpekcIJ8txL7xkY3mLJ" +
        "zeOwFlSkcIKQHpMdmvOu5HRXcrorOVWKX6X4bRS/bJRbJtOzTKZnpeS3UbhCvFeI9wrxngbveOuywAu7MdGhjEE+zjvS1Fqp/hZpaq1k8JU0damcOsXBFUBrulhIMVYp9BiWmBHeSRkR" +
        "nZQe+EP/HPqMToYZmGe49BeU+cILyvXCCy+YeqCvmdspt5NykbmdNDO/Uz6OyPxOuvn005oZONEwzddeU+ZrTyvz6dceCLBcczs59cAA/UXcpPvobZXeTuntld5B6R2V/pLS/x73w3jC" +
        "eEXpzyn9eaWPVHRto6z303/wBI2PGUPk2eEL69HiY8VHiuHyVDFSniLG4EHC3+wz5l2X+1cfKgARXZSZrbporg9/NUoBeHKY4aMh6g08k8hTjvUPmSVr8sjTQ553hmt6L2X2GuXDh53f" +
        "yvMO//mYfXsqV79ubyuzX09Nf18zUh0SvKWMSj5FoUCN1cSD1Bsan5pQ37pWeDiCtkM7oBDN9Ubnd/kaxHp+mQUtg2K76nwGsx6e8KDziYPv5jvIG/qXVADY5kU5CFauICHsdmK3kxf4" +
        "YFsh4tsrVzsh7I6S2lFiwA6kiXg21uzRQ7l69KAxQOkDlDkAxwNwHDDAikVF31Xmu4h9t4fVN10Uq9mTdTRDQpQrJITGZ3wmMz/D8Wc4DvjMiv2Cw2V+gdgvcMzR+lBaOMLP9SKaEOCc" +
        "0aWIzyvgQ87ZYGtnncTsFG4H2zkjuhbhxjAK9HHGgD9zJoL4MQENM61rWlflItO6amZm10wckZldA5xr5ZwKYaWcUwM+6nyF5lGYrZybu7Kgl4lXiRNyfFJOuSL2VbG/EvsG6HDeFvtr" +
        "iQ/vRjuiG+1IsSeBzzoTxE4RpgrTwDbOO3LuN8JYiZ/ZjXnmip0nXCXMB182ogbhUjaoQPuRpWJiXpht2kBBUDDUFmoHtYc6QBxv+AVh/jzX5nkgiAgm2hLtiPZEB6Ij8dLzKuC5Ni8K" +
        "2wiDhMHCtsJ2wvbCDsKOQjk3COeabXBxCYKCobZQO6g91AHqCL2EC0+bF4k2RBARTLQl2hHtiQ5ER4JnBPGM59ys5gfEh8RgYgjxETGU+JgIIT4hhhHDiRHESGIU8SnxO2I0MYYYS4wj" +
        "PiM+J74gxhNf4hrW2Vrxyn518sYPvTlRfHPSdCHp6313MkBen2CBvaf09+U9ygfe9TFE3lkMlQtTiLw5bn6tGyWXu9/Ju5Ax3rcnn8nrZCy48fIS4sUEvwBrUaR1/dj161+/osxXXlGu" +
        "V1555SO/g/2LjGU+zHXAFaUffT9b0zfvVv30paWaSw9dhAtZClFAlBJ7iYmLgSnEMmI1UZoAnCTOEuGJwBwijThCXCdClwMLVwC3iLgkYAFRRJQRB4hGIjyZhRM1xHFidwawNJMF5dAl" +
        "F5hMxBHJxFWiroClFQI3ielFQAJRRFwgLhP717DixGXiLnFlLXCbuEdcW8cEIqYEmEXUEUeJq0RFKRC1gdUlNhJZHmAVMWkjMJdYThQTR4iTxKXNPHcLO5tYVg8cI24RebuZH7GT2E9M" +
        "3wPMJlYRZ48AK0+wcGINUUpUE3uJ/UT6SWDCKSCaONAINBDzzrBPiRQim4g5C8wkvjoHfENknmfOxAVi/0XWlLhKrL7C3r0KlBDXrrHi19kO4upNDsUtVvIusI2YfA9YR4SF4kd3CjGT" +
        "yCPuEdFhwPEI4AxxlbhDTJkALCSWEheIK8RNYvMU4CyxfgawiThO3J0JxMwCthOhs4HCeUAVsYu4SSyeD5xYAFwi8hYCaYsBD7FwKZBN5BOx8UBtAnNJZGnENuLGSpaRBixKBwoygGLi" +
        "NLEtEzhEHCMaiY1ZwHniKhGWDaTkAPuJw8ScPGA+kU6k5AN7iMPEigIgi8gl1hL7iJPFwPW17FhixTpgDVFBbCa2EbeIb4hpJRpnO7CMWEN4iO3E1FI2i1hWqv29HthenzlIs1bwBqIy" +
        "ST3o3DhovltzbhZuFW4T7hDuEu4W7hXuFx4UHhYeBX2cJ8RuEJ4GHc6LIB43Bi1AzBWxr4h9XezrYt8U+6bYX4v9NexHnVXMwQxEhBnItMVumlHuyW6XM83NMjKEWcIcYZ4wX1goLBau" +
        "Ea4TlgrL3KzxBrGrhDVu1ngrSwFZ4naxt4u9S+xdYu8Re4/Y+8Xe72aNkyTPixJzSXhZeAX0dX4j9c9z17iD9NBnMGuglc/i4ogwHWEGFAF7AjQRysZxDpQL5UGroHxoAdIioUlQFBQP" +
        "RUOToRhoCjQVmgZNh2ZAsdBM6Ch0DDoOnYBOQg3QKeg01Aidgc5C56Dz0AXoInQJugxdga5C16Dr0BFoNhQHVaN+NdAmaAu0A9oN7YUWIf0gwsPQYthLoGVQApQIJUOpUBr7A8qAMqEs" +
        "KBcqgNazDGgT64J8rjB/2Hugvew7HE+EoqBYaCY0G1oCxT/ra/1ayo9iNK39/JmaTCuDiCFyz3h/QecTYUQqf6uyM62fUbfrudBneE8RLowQThRGCicJo4UxwinCacLpwhnCWOHMZ3j/" +
        "FfrMUQnD7TDCDifaYaQdTrLDaDuMscMpdjjNDqfb4Qw7jLXDmU3+FxA+ifMbn5nyzMln0p59Xj0mRzOZoqGVi5RUfrEE0dYRuozBbCvyfIIEEVbaWevooHWEiwwD/GZK2hEJ8FPIIMWK" +
        "xOWXAW4UGOB3lsHKOqs8y6XkigRTUyS4dUKC+Ply3kErbdUKCY5bVbpjeTYUWJHnJQhbIkG1dd5Oq2bnrdNjrTT8cjG4ykDfuhJjfWet965g+g1lut7p1w03x7hvD8J9exDu24Nw3x6E" +
        "+/Yg3LcH4b49CPftQbhvD8b9fTD8guEXDL9g+AXjGYCLnos9wl7g3kUc3Wzhfs+iNTkzlBkujBBOFEYKJwmjhTHCKcJpwunCGcJYIcdfPczUwmdDMdoqgDMh5plrcv6FZ7TvXSSzeXie" +
        "N40Ri7y3jwcXeW8G5b5IbnDkVkfukOSnVW4B5f4Jo4r8mFDCOxCMJ37EeL8Tz9/wg4xbxXvNPbwrKTzjvUFsXIbUlSztEgs6vZd3tvy5xahhhfJm9Xj9dxdxA28Qr/JOdA1Pm8ubywbe" +
        "ax7nLVEYz61muTuZuggFmcEYxGAMYjAGMRiD2BaD2BaD2BaD2BaD2BaD2BaD3RZ+beHXFn5t4deOD3NsvxkkDBa2FbYTthd2EHYUvkTiOcoK2liBdXr3oco1ZPRQZQ4ZoFxv98OTSgIe" +
        "NJZDSVAKtBJKgzKgLCgHyoPyoUKoGFoDrYNKoTJoA1QF1UAeaCO0CdoMbYG2QtuhXdAeaD90CDoMHYGOQsegE1ADdBpqhM5AZ6Fz0HnoInQJugxdwY/dicVqSqpSAQnube47+OGjdda9" +
        "yx0v1lX3Pjda50pAGnIJWO7eiLhsxCxHiHq7ktypsNTDKe5idxa8auGVgjANUq6VSCuW8I4btXSluZe7UaOANHeju0JKS3OfRwx902FdlfCqGy0zM93pOMpEiUgNyHCftPwCMlGT9bTM" +
        "DJyhHiazkR/yf4z2UWnHWTvlolWOy/Z42AprpM5Z8FqLGiGXgCzwjhu97cpByDrnIdUj4R33QXjkwzNL8s2XtkuLAgpRK6tH1tg9wpAlrrfyMavdGHOzlmeaUq7pcWNEXVvsmm1Fvhj9" +
        "h9n/3nNpIy6gDuE5KXMnxqHYapdrp1UPc6cbs8rcIekcMfYp+3+XO9Eay4frEVPoTpazdiGdrd6Ds0ut8TT3uTEHXfvQx5hbrj2I2yDH1qjtg1cRwr0IMU8DDrqX2/U7AE+E5n4ZsYMg" +
        "ynXtt3KVEPEBh6TH0LsuWmclrHBvlfAsUtTDh+BX6D4l3ofFl/1zmHPkYbLOrudRzoUAUnowoGmMXSesOSchjxvcCeJxRnqX555Bu5XrrHunzJ6zYL3En5P5cE5alCvtsOeK+WLxUazz" +
        "NsIgYbCwrbCdsL2wg7Cj8CUSlwwraGMFQVYQbAVtraCdFbS3gg5W0NEKrFyCrFyCrFyCrFyCrFyCrFw+fgc1HQx17q9cH7hHK3PUAGV++iEiRyjX4BG4YoJ5qFiP/sq8ulbNwLO0mbFJ" +
        "lruJ53telM1pm9QaXLADcO2fXqIWLFG89JufdlbmSGitAxgBDYPeel2ZPaE3X1euD93DVcAw0vz0Dfi+QV8BrosjoGFQ9y+VaxjRk3iT6AfAaRayGUEMJoYRH41ANiOYCIyAPoSGoSUj" +
        "pCUfkqaYw4Qj2DREs4FiDhOOiOs6RgWQ9EcXuYYRPYk3idHuwephgH6PWSE9Px2D4seweGAE9Ck6c+QARgAjoGFQT/bwQCQMZAIwAhoG9WSY6oABBLhfGPGCMl//HRqB4fhwsAroEtcV" +
        "PeLqMgrxg9mH45X5Mcau+zvKDBmJvn0L6ok8xipzOBo+fKRyDR+FPhz+BQr5AO0KGQ6MQn+/010FfMoCXO+8gzPe6aPMMRj8vp8pcyAcB8R1Rad1Js02/Fk3g4TBwrbCdsL2wg7CjsKX" +
        "SMxgK2hjBUFWEGwFba2gnRW0t4IOVtDRCqxcgqxcgqxcgqxcgqxcgqxcgqxcgqxcgqxcgqxcgqxcgq1cgq1chrqHLz6Jn0cnfhqdO/BbtkULl7eFbyj9t756Eu4WdmjHDT15C19G1PPN" +
        "hS9+Nes1P32qPnehMmrmacq4tlkpg28fjBrcXxjbDuIwF3ckxkncjBh8ELewDfPC4C2SMSkNVg0Pv6oAGs8BE+8BpVOQuno6cDMWmB4PhO9EwsJ9wF4sU+PQKWBdFBLOJACX8+iCOzXj" +
        "Ou5rjAn1dMY9lpHBrJasBepW4/DsYWBzDA5PzARqK3G4JwLW0hmAZx0O5+JmxDjDgu6cBLaw8MilsAoTWS7u1IwNtcCOXcAMlnEKd1YG3xAZkSztAHFxIZCbSasAuL0GmHIZfvdwITCW" +
        "fQ3UTkLcBPSuwRceRn0ccDiHtS8BjtwE7jLTYyzDw3PL2bE3MoA99DtWBMxiv+zbD0w/BGTdZk3vABvT4bed1Y0JY61Y+03EomtACWtwmTW4Tr/QucBW9ob0813WpZiDdwr3j8bM9cAk" +
        "9vilM+whdvHXrFAp+yW1FJhK50245Bk3PUACq1HBgT+Uzc65wPZytFYy59W7ccjXU0YUz7jLck9OxOGyalosI5Nj2ZjA01jnsG2syy3g4gQ2i7ls5Ry6zgaW45ba4E2zcY4jWLmRmXKk" +
        "V7KzM9I4S1YBc9cBWwi+4TWqOGNvcKocW8IJvJYDypkYiku6sYCDnMg+rT0GRDdyFHCLblxj113kyCTxtAvRQOIyTh+O5dzlPI3Zr0vl9OZkLY/1tryW9bvODvu6iq1kR5RwpK83ACfY" +
        "6FsZ3m5fvYajxb7PZd83nmatuD6qWPiq5cBXnAw1nGbz8GhgxHA8MlnJVeycIqYeLcNhJHPeFw9cYM6lnDnzN3qHe8txVpLL7w4bc4eN4eszI4o9lMkJEs0Wfc2lcXUrUMb1sYhLPJq1" +
        "2sshO3uJ/Xdbxhxn8JHJyGRP3mQGactYJNfgGU7Wley6GHbEhnJOqTrvDItknVPZidM5qidljm9iJVl4CufBSU6aSJZ77Cw77C6wlV18lODbTeMYcynlPF3NSi5mVnVs5TwO421eABLp" +
        "sruIa58zYi6btZFVO83rAV8MG8u+4uTnrFvPS8F8juWeOUhdz+4siORUZk0nEUkc2h2cyvU8YyL7eQm7aRU7cQ3by9e8xmb2Bt/wGjt4xnp20/o05WPsy1aacW0TrEOc8is5Izy8tKzl" +
        "LD5EnCSmc3zrOeYlLGjdPZw2c4qmGTfjNB+jiIP3Tbzma1zM4VgSKbmcL7wEHeLVrJAtz+RUOcUZsVlWGcf3BLGNvbaYl+bIdPYGsZ6LOIXXnBMcD/7vhDGb8+o0B28a18wVYivX/jHO" +
        "q1g2eiJH6wb7YMEBXhS4mC5wMaXxkpbAEYzlZYQ3R0YtUUPUEfUEH46NqWzvNGI9r1xhHJn1N7wLMZrXujLiCufBRC6N8xzBWxO82M0Lzwxe7+ew28M4gsXEDl5PoxYABbwYSdcdZ+fc" +
        "ywLWcBZf5/K7MNHEzJmA3k3iZS6fw3OavRbKTqwUi3HV7L/bK7z9t2slJw2tY8Q+dmIeO3EDL1U7iWOr2LF4PDe2czLsJRp5+c/g0tjDLt7CLo5q6ucj5d7OXsW1tYFXzEU1zICo5wBc" +
        "2+T9GVtI1BP8vxrruitLdz9XxcaD3kFZcsQ7MskX2UAOT9ZJ7yS8zIGK5BJfQyzmhWLpOe/s3E9cIzy8yq8nNnFUc5oG6mte4fbf9g5ZSdNAbecSushfoVvTgDKOUeQs70CV8op5k9gY" +
        "5x03+WU6H+cdwclzvSNYxAV2hSM4nxeAr3h1vJPuHVBZLvuzvEMbk+0d35kF3vsST50T3UnsOgUs/hxDHoqKFhO1yzED6oqBHd8AFSU4YVqp9rfmRx/hHjsEwn3kRzAA3Eze03DDOWas" +
        "y7zm95WfAk8Kz4J37Zjzfobf3larWml+V1oVtlL6sVbWBxj88GIntB86AB2ETkNnWvFLE7/GVmWtyHKw9iufMivgUR2zAYuEa8Ftwu3CHcKdwl3CelDz2yP2XuE+4X7hAUk9JDwiMUfF" +
        "Pi72CbEbxD4lPC1sFJ6xSymWOpRKnqVyFmjWtWKzLvtb+rqF7rZQqOt+3fa/X/da6FYLLXfdr6QWmtBCES0U2UKTWmiqrSm2ptmKsjXPVqyt1BbKaqG8FsppodW21rTQeltlLVTSQttt" +
        "7RA9o2cgbK5qW1W2amzdQF9udFmqtFVrq66Fav1FZpJ/cjPucn3LGv9vWe36llXNWNOMdd+hlX8T9U2u+4TYdEnLEFY28/aAKZKaIqkp/pnCSmGtkD4rxWel+KwUn5Xis1J8VopPmvik" +
        "SXyaxKdJfLqclS7xGeKTIXam2JmSmikxeRKTJzF5UkqexOdLTL7YBeJTIDEF4lMg8YUSUyh2kbBYPIvFXi32arHLxC4T/zLJocyOrxWyzuWSWi7x5RJfLvEVMn4VkkOF+FRIDhX+G4SV" +
        "wloh/TeI5wbx3CCeG8Rng/hsEJ9K8akUn0rxqRSfSvGpFJ8q8akSnyrxqRKfKvGpEp9q8amW+GqJr5Z4j8R75FyPnOsRH4/4eMQn2/8SmCOsJV2Bm/y3MdhsBVusYKsV1FnBNvFP8s8R" +
        "5jabXVXfmWM5wtxms6vqO3MsR5jbbHZVfWeO5Qhzm820qhbz7f5x/O7Y/dBIfXdckpvGokrKrZJyvT1f1aL/pd/QnznC3Gb9XNWit+9fj5nN+q36R9dj9Y+uxOqmPvlDK+6PWWuZf+SK" +
        "+99ba83X14+vph9eQdU/snZ+eL1Uf2elXPrRNVL9ndFpPhYtez5N7Dy7h2mvEnuV2Pe3q7JFrZqV6Frvby249f5b7VCWHPq8VuiR3q4VeqS3a4UeKbdW6JFya4UemQO1QuuaXCv0yHyo" +
        "FXpkxGuFHhnlWqGVT7owQ5jZrF05UlaOnJUj/jl/RvX8IX/v2FU3/aZ8d71899zmvz7J/httPuTimkWci6s2vUVoxWfaYaUdLzNaQuTrSrePvSHP8tgh2u7Ks/NjHTPs0IqvtI+/DdPt" +
        "sLJZyDWfcV9oxa+y6/dtKCPhWmXXq3lY2SzktaJWwkz72AoL7Xo0D73xzLfY7qdiO755yPxW28erbf/VdnyZnb83LLfzL7f9N9j1Z+ixw1oJ06U/vg0zbT9vaOXjDSvtfq6086u086u0" +
        "+73Srj97Jd0OK/19JJ79VG33f7Vdryo7nyq7PlX2+c1DK95qb5XdXo99vjfkr4RH5kt6U1hrzyuPHdba88ljh7X2fPJImNF0bM0byz/fbt8qOyxo6r90O7TO99jxHjveY8dX2mF5U/0z" +
        "mo4zmo1LsZ1e0eTn7c/MpvIq7fTKZsdev3Q73wy7/Eo7LLPzS7HTK5rmU7o9773rILOpXI//84jf4I/nAtRTwoBkhPJ7A6vCX+5lAqw5kAWL3vLLF5Djn4f7eFzjA4r9eQ/BM2oQt8Eu" +
        "Te4uelhhoDfTQK9vYJPr0+kIA4lku9wc/00u2j/Vf6n0sEFKD4d+rfR/VPrTSn9N6XNwPBdK6vSovqKT0mdDs6B/kX/W5o1/VfrvkQKvOGgGFAtNhmKgKCgamgJNhaZB0wf56P+k9P+B" +
        "x6VO9+tfvP/s+rygsS6/lro8bRX/fYU+q/S/UfrfyT6Rf1D6y0p/VemvaPo/K/0XSv9rpXfSzUBeONfL5RM3oZqJW1Bgi0SSuAmlSeJGlCYZuE1MMnC7mKAeDyXYSrS13NYKW0ktlGwr" +
        "pYVSba1sobQWSm+hjBbKbKEsW9m2cmzl2sproVUtlN9CBS1U2EJFLVTcQqtbqKyFyluoooU2tFBlC1W1UHUL1diyn5x1z/3CnVNCMyY244pmTLapczo+IzPPmmGYf3/rnZzWRPylzMUX" +
        "lP6rP7S7yVpxL8v+pldlrnf6U+8nwHL7Z1lx/1OW16A/9Q4DrMd/kyX570qfiEpE9rUuJt5lz8X8tfXdjh4PJUIroGQoFToOnYROQRXQHfef37dJV6H50AL6o29zoFwoD1oF5UMFUCFU" +
        "BBVDq6E10FpoHVQClULroTKoHKqANkCVUBVUDdVAtZAH2ghtgjZDWz7w1bcirIO2QduhHdDOD3z0XQjrod3QHmgvtA/x+xEegA5Ch6DD0BHEH0V4DDqOPPmNHD+HS+emBohftvGDutTO" +
        "mh6O+TgDEzUWmgnNgpZhgm58a9ZP9DodFYEa+EEdwh2+mp7IY/4f9woYy6F6X9QKisUy2IPwEJSK+BMIj0FHoIW6tS1vEcJTOJ6AcCX/9gZ0jsclDvy6bOU+AP71DjlCUiQN7jv4CrE3" +
        "fGUe30YQxfhvYNyFQuGYAiUxb1YsGUYU//jHu5o+HWE8lADNg9b7YGigcmgyc1lS4jgS4Jwf77s63ldzLpTwJ84VEkYoZ06Cb3KCr3LmSrjI11md5FuShAiEu5N8L2rO4lTf1amIQJid" +
        "6ivH61J97yhnUZpvVhoTJPzGcObn+mbn+iZd0vx2JzhOJjiU3x47PJzguGCHF+3wkh1etsMrCY6BfsWJlv9qO1yTaJ231g5xfNE+Rrje97/1vqb/8rpp/10r9n/SaZpUzEd/00cq49Os" +
        "GtofUQdN/0j7vtK1P/NuafZ3j1gxnx+o0vd2kfZfXBnt/i7S9N6+/7eq8f/t2v9L3f5Stz+TunFLYKGvjx6Lu5GZ9l8RmA3FQXOguRD/sOJ8aAG0EFoELebdC7TU/qsD8dA1KBFabv3B" +
        "Rj0JSoZSoFRoEtqf47j/L7LlQwVQof2HHosh/lHHNQ7+nWHc2UK8Uyp1WH/pwPpjj7izhTZAlc3+qlsNVAuFo5zrCLdBl6Bd0GWonn8d4S/t/Es7/9LO/7btPAAddPj8gdce/29Sw37Z" +
        "9BouXV6RafJaKNd+jVZovxKqaPaaqcp+RVZsv6rKt19R5divyryv6zLtV20F9iswvua64G99TBIPXURZVrmaXu3vg/K0P7IsrUU5GsrQkL8Deel2Phry0JqdrzU716fZOZBL+566NG+7" +
        "9r9Yl+bt1dBWrUUff/sK7v5+1v4EfWz8gbH8U5RR6Wu++IIyX/ylMttAQVAw1BZqB7WHOkAdoZd+abie68zNnq8TXYiuRDfiDeJNojvRg/gN8RbxNtGT6EX0Jt4hfkv0IfoS/Yj+xABi" +
        "IPEu8R7xPjB7UF++GO/CmxCzS1dlDnxf+9Pewpjd7V0lfZF7377c04GDgV2eMHt2QQIie/b5hdn1N5+aXw/aOIhb0613dQ9YfxljN/dLbuIeymq3vR90AbdkHuefZJAd0cvlr4ts4ibO" +
        "Y3x5xH2em/mnQ6bwD21M5duobMYtZlz5be+fr0jlzstL/LsgxdwFOvsQ/y4I/x7TLv5pW9l9KhtPPdz7KTs5ZWOnbOecRBf5Yw87WMcw7ha9zb9hEcWsQg96N5nKjtQ8lnaFhReksWoJ" +
        "mo5uT9+i0PEwUIhloG12TKFtFB+1DZRiGbvP28bBFd4YDwynPpdtvZislj70oxe1STd9jHX8braIKCMSwp3KOLJE2Z8hryHC+YH4bflKPN77afJWYkmIMlZPcdofKu8kThA3iEWTkVAM" +
        "j1M8YscbGxk1l9Zy2fPAb7XTE73f7R5O9FMG/9SLEcGvtg/j1DU0qgj2mHGDiPvE/pz32w+j5cPeifw6OjLJuwuiNsn7xfQ+4irxDXHvfqTPRp0u8StbDzdFHCaOz0HcWVqXiUh+o76E" +
        "ewaKaNUQp4kExn1FzOAHxTuI48SENC/kI+M0Io8oJ+Zkej/hnktrG61r6d6v1S/wO+QtWYwjpvLb5BhaubRyiHT53jsVlbxC6wYRyY+WuRaMBPl8mUjJgMsZ4lwevznmJ83JxB4eNtC6" +
        "MEIZd6Aofulc0oSaPJxUwQ/l9xR6Nz1cJeYVIOEerUh+ar6DX0Tzj+MYYaMwb5o+QV9fzKoTJ9YwJ+4uaKB1Qfb6EHeIo9xIcYzI+hTjQyOFmz3WEY3EMcRHVODMOzCy+RV2HlFAyK6g" +
        "mdWYNvwbO0ZOldNGGD8uT5C6EdW/w9CdRPy+ChM5MuoscRzxC/g592ZiN3GLCOPX3atHYw6Ptr+m37kZZ1fTquFX3pvKvZ9/i3W76RvwXGI5kUUcavr+XvZRcUOisZA4SORwS8JOoo5b" +
        "TqbUo4x1tO4w7jStCH5EfoK4vBupCfySvJKHqUTmWHQSo+4Si7kt5gatc2PtD/7PEZOP4Mzj/PT/Jj/9r+U36PM/szcCRME4MQ69yHUXR4Tyo/RFTMvg7qS9k+77ZD2eOETsICr4QXYt" +
        "8rjNTRoTie113v0F508jcRqtpYybvV1ZH2+X00jcwQ0nRAq3ayWeh+9+WvO+QCn8Jj75MqJ20tqCqCs0lu72fiu/hph6HR4xq4HbtLbs4ZaMW7BKuQ9lM3GKcXP4YX3JPu+WB/nOvpG4" +
        "SUzk1pIlt3HaKh5mcUPEBSLvS/tL/Gpi2zfwuEXfC/ww/9BdNu4eUMX9TMVHvB/rLyTm/CtmJ41viBtEBveorOAVsJKf8x+fgKm4iBtf0ibBSjnh/bq/joiagrhQfucfR+RPw+HsGcBt" +
        "fvYfw+046b9HdjSKfm+pmpsBDpz2bguYKNuiiIX/jjnJ/QEF85BDCa2Z8017y9hSrq0Z3DMQvxRxRcSGZcCd/0A1Qr07CK7GI+oKMT8ByCOWcEPB0ibIJgP5Jj/momyFYj+EyR4fOG/h" +
        "HiTZZydbEI4zISndtLeTLMiAVUnIHpqzRFa4d2OJh9hK3MmFS3K+Fxe4kSF8AjuxEIdV3NJQSyQzLpS7ArZzJ86yiVxQtI4TodzwEFmK1OO0wiI5xtz/EM7dKpXEKsalbIBLNbGXh3sr" +
        "OQDcIlFSBSuOG75u3/PumNhXi7hED3CEhykb2cO0Djdw5wKXUS4XVEQ4tzlEMRda+fms7lY45xOzuKAWnfJewyYQS7gF5izPiOVWvBhiMZHH370csYh1RAOxtt609+0t5j6O40QGN3Mk" +
        "0lpH69Qk7/6bHYzz8HATcYAo2IMMzu4Ddu0F0iZzVnEH2lVizmSecQoJJ2ilH4J1kC5HiZzD7PajzICHdU07L08RjUTqVG4OIaZxd8mxqd59JinEWSKSm0x3xzBTWmHcoHWLh0do8S9y" +
        "GafOoYzd3Fl2iMifwvGgtQa3DpmXkdhwhRN+KoeXWNa0RUV2p/Bvdhkpt9g+bjcqIxZyx8oNIusuEibMwEhs5I7RtcSlhVIYr0uLvTtbtsfg9+c8MZtbuC4Tsdz5mjkNcQtpFXHLy+4V" +
        "3B1K3OHhrWQgLoU7UOfCL4ZbIeNmcYtomtQAcQ08rOAmmVz+MCZyp0xlAhIWLAcuzObPCnGEG2cmpyAuN45rLtXP3kcjSCUK0hB3jDvO8ubw14PbzpK5M7ecuEtsmcutnwV+9s6b9dx/" +
        "900xE+bzWk6cWs3DMrjc5OHEcljTNgCxlQD/JJhRv4A/orTuEhO5HWc6MYfgHwIzQjf53dVCjYcb1MMKFyrfA8qXoeJfaTmgdM2jNMYxbHVAtdKVzkNng3IqXEMULoA+B5SPT4Py0exQ" +
        "skA8s0GcJjaufNoZ2M1CV4NapukNCvML13ffBpyFkDkoXNJpGw3KMA4oQ2tQ4iMh005YJSs/pVop5Y+8lHpAqZ8o9VdKBSj1oNIe0tRPFdqkHtHUo5r6mVKPWTVhjR7sIQ14SqnWSgW2" +
        "UU8o9XOlnlTeGKWeVuoZKY8tQCX1pvIPoIBnP3I0KNNbZcXGs9rfuvxC/aK1XZpqXnv2FeOb+sXb4gN2i74nxHkJCuU57Eg/hI+hbN2EjZN9Ub0XkfFr3sFA2gusMsfvgQb0SotKeAuV" +
        "ynib7tOsAXabOytHAFrZrB4hEtMGMa+KNaoZ8QNjW07VT6l/+kjskZr5oDJ/T2OopswHfId9qn0mxpfvoJgnZTioPaqjwq+QCoc9QRm+4cqgLfU1GXSC2++UQ9PMfrDqdFS40KGZgcrE" +
        "85HZCnXaxIkxQ8kMsep8wGt0V+bDTqvr2rBrms0qaW3LkfaVtv6VMv/W23oMwCua+bJy+GtmN+WYzw7zVfYiabAWCXw1B2bkAYwVUhFd09Th3gGUY/zUq3p7lHFT+NcN6q9ltZywfNU+" +
        "uwWN982EbVKQhrKQuY/MOUPK+XYuydxqqsy9R1FJdIjpDmxQHl/J9oS1MNlJ2hE1THPWn+VZul+D+jtk2Aeagx7/G2XOw4k/f7BBvYV58pwyBymHS5mX6KzZjWINHDLzG1Q7ZeKn3szB" +
        "YDwebrC1jgOSuJXNPs7azeEXJHNdypr7z0udpdq6MpO8jSzxResmMeeFskqarw40q12L1YGHAPPvlPkTZf5amejlN+AfrJmdlKOnMv2UY5jE4gHLAcffag5MxsdQOT/UBPe9mNyOnyGn" +
        "weKFOw0G/6HMz8UYq0xcm2hFYNYZyoEnZEw+8yFl9kGNfZQZocmE7KvMvQvQik7Ieb2pGZm4Hqvq57U9qD6GiG8+9iiX84AUq6NVgWjjPM6gkidwijOgQT3EkF0Jj8kaDu6yj16F34lW" +
        "6MixvBQqx38C";
}
